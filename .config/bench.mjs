// npm run bench: bench/run.ts, bundled as the CLI is, since Node 20 runs no TypeScript. The CLI measured is the one in dist/.
import { build } from 'esbuild';
import { join } from 'node:path';
import { bundleOptions, root } from './bundle.mjs';
import { ensureBuilt, run } from './up-to-date.mjs';

await ensureBuilt();
const outdir = join(root, 'node_modules/.cache/atrest/bench');
const entryPoints = { run: 'bench/run.ts', 'cell-worker': 'src/cell-worker.ts', 'judging-thread': 'src/judging-thread.ts' };
// What starts a browser finds its own files beside it, and is there only where things are developed.
const external = ['playwright-core'];
await build({ ...bundleOptions, external, entryPoints, outdir });
process.exitCode = await run(process.execPath, ['--expose-gc', join(outdir, 'run.js'), ...process.argv.slice(2)]);
