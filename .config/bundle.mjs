import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The script of the HTML report as one text: its modules run in the reader's browser, not in Node. */
function reportScript() {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ['reports/html/client/main.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    conditions: ['source'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
}

/** Constants that the source names and the bundler (here) or vitest fills in. */
export const define = {
  __ATREST_VERSION__: JSON.stringify(version),
  __ATREST_REPORT_SCRIPT__: JSON.stringify(reportScript()),
  __ATREST_VERIFIER__: JSON.stringify(readFileSync(new URL('../src/evidence/verifier.mjs', import.meta.url), 'utf8')),
};

/** CommonJS packages call `require` for Node's own modules; an ES module has none. */
const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** What every bundle of ours has in common: all npm packages inside, names kept so that a stack trace can be read. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['source', 'module'],
  // The SDK's ES modules can be tree-shaken: a fifth of the start-up of its CommonJS files.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  // Node prints the whole source line of an uncaught error.
  lineLimit: 300,
  legalComments: 'none',
  banner: { js: banner },
  define,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
};
