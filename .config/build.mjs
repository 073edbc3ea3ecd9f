import { build } from 'esbuild';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleOptions, root } from './bundle.mjs';
import { licencesOf } from './licences.mjs';

/** Entry points: a file of `dist/` and the source it is made from. Workers are added here. */
const entryPoints = {
  main: 'src/cli/main.ts',
  index: 'src/index.ts',
  'cell-worker': 'src/cell-worker.ts',
  'judging-thread': 'src/judging-thread.ts',
};
const executables = ['main'];

const dist = join(root, 'dist');
// For a package to publish. Otherwise what is there stays until it is replaced: someone may be running it.
if (process.argv.includes('--clean')) rmSync(dist, { recursive: true, force: true });

const startedAt = performance.now();

const { outputFiles, metafile } = await build({
  ...bundleOptions,
  entryPoints,
  outdir: dist,
  metafile: true,
  write: false,
}).catch(() => {
  process.exit(1); // esbuild has printed what is wrong
});

// A worker is started to use it.
for (const name of ['main', 'index']) refuseEagerSdk(`dist/${name}.js`);

for (const [name, schema] of Object.entries(await schemas())) publish(join(dist, `schema/${name}.schema.json`), schema);
publish(join(dist, 'THIRD-PARTY-LICENCES.txt'), licencesOf(metafile));
// Chunks first, entry points last and each by rename: a process that starts meanwhile finds a whole program.
const isChunk = ({ path }) => path.includes('/chunks/');
for (const file of outputFiles.toSorted((a, b) => Number(isChunk(b)) - Number(isChunk(a)))) publish(file.path, file.contents);
removeStaleChunks();

const total = outputFiles.reduce((sum, file) => sum + file.contents.length, 0);
process.stderr.write(
  `built dist/ (${(total / 1e6).toFixed(1)} MB, ${outputFiles.length} files) in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`,
);

function publish(path, given) {
  let contents = Buffer.from(given);
  const executable = executables.some((name) => path === join(dist, `${name}.js`));
  const shebang = '#!/usr/bin/env node\n';
  if (executable && !contents.toString('latin1', 0, 2).startsWith('#!'))
    contents = Buffer.concat([Buffer.from(shebang), contents]);

  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  if (executable) chmodSync(temporary, 0o755);
  renameSync(temporary, path);
}

/** `atrest --version` must not pay for the AWS SDK: it is only to be reached through dynamic imports. */
function refuseEagerSdk(entry) {
  const importedBy = new Map([[entry, undefined]]);
  for (const output of importedBy.keys()) {
    const { inputs, imports } = metafile.outputs[output];
    const sdk = Object.keys(inputs).find((input) => /node_modules\/@(aws-sdk|smithy)\//.test(input));
    if (sdk !== undefined) {
      const ours = Object.keys(inputs).filter((input) => !input.includes('node_modules/'));
      console.error(`${entry} loads ${sdk} at start-up, in ${output} with ${ours.join(', ') || 'no file of ours'}.`);
      console.error('Reach it through a dynamic import() instead.');
      process.exit(1);
    }
    for (const { path, kind } of imports) {
      if (kind === 'import-statement' && path in metafile.outputs && !importedBy.has(path)) importedBy.set(path, output);
    }
  }
}

/** The JSON Schemas of what is written, from the zod schemas that are these documents. */
async function schemas() {
  const contents = `
    import { z } from 'zod';
    import { Plan, Preflight } from './src/model/plan.ts';
    import { RunManifest } from './src/evidence/run-manifest.ts';
    import { Report } from './src/model/report.ts';
    const schema = (document) => z.toJSONSchema(document, { io: 'input' });
    export default { report: schema(Report), plan: schema(Plan), preflight: schema(Preflight), manifest: schema(RunManifest) };
  `;
  const outfile = join(root, `node_modules/.cache/atrest/schemas-${process.pid}.mjs`);
  await build({ ...bundleOptions, splitting: false, stdin: { contents, resolveDir: root }, outfile });
  const { default: made } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return Object.fromEntries(Object.entries(made).map(([name, schema]) => [name, `${JSON.stringify(schema, null, 2)}\n`]));
}

function removeStaleChunks() {
  const chunks = join(dist, 'chunks');
  if (!existsSync(chunks)) return;
  const current = new Set(outputFiles.map(({ path }) => relative(chunks, path)));
  for (const name of readdirSync(chunks)) if (!current.has(name)) rmSync(join(chunks, name), { force: true });
}
