// npm run demo: works on a clean clone with Node alone.
import { join } from 'node:path';
import { ensureBuilt, requireNode, root, run } from './up-to-date.mjs';

requireNode();
await ensureBuilt();
process.exitCode = await run(process.execPath, [join(root, 'dist/main.js'), 'demo', ...process.argv.slice(2)]);
