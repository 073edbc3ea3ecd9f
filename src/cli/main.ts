import { boundHeap } from '#heap.js';
import { exitCodes } from './exit-code.js';
import { processIo } from './io.js';
import { run } from './run.js';

// The SDK's notice about Node versions would stand between our lines; the README says what it says.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

boundHeap();

const stdout = { isLost: false };
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // A reader that went away (`| head`) is not our error, and changes nothing of what the command found.
  if (code === 'EPIPE' || stdout.isLost) return;
  stdout.isLost = true;
  process.stderr.write(`atrest: Cannot write to stdout: ${message}\n`);
  process.exitCode ||= exitCodes.disk;
});

const exitCode = await run(process.argv.slice(2), processIo());
process.exitCode = exitCode === 0 && stdout.isLost ? exitCodes.disk : exitCode;
