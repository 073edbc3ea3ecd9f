import { boundHeap } from '#heap.js';
import { processIo } from './io.js';
import { run } from './run.js';

// The SDK's notice about Node versions would stand between our lines; the README says what it says.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

boundHeap();

// A reader that went away (`| head`) is not our error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // eslint-disable-next-line n/no-process-exit -- nobody is left to read what comes
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), processIo());
