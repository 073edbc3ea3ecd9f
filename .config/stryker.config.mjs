import { fileURLToPath } from 'node:url';

/**
 * Mutation testing of the rules: every rule is broken in every small way there is, and its own tests have to notice.
 * Run by `npm run test:long`; for one rule: npx stryker run .config/stryker.config.mjs --mutate rules/kms/unused.ts
 */
export default {
  testRunner: 'vitest',
  vitest: { configFile: '.config/mutation.vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  mutate: ['rules/*/*.ts', '!rules/frameworks/**'],
  plugins: ['@stryker-mutator/vitest-runner', fileURLToPath(import.meta.url)],
  ignorers: ['prose'],
  ignorePatterns: ['dist', 'bench', 'artifacts', 'atrest-demo', '.venv'],
  tempDirName: 'artifacts/mutation',
  reporters: ['json', 'clear-text'],
  jsonReporter: { fileName: 'artifacts/mutation.json' },
  concurrency: 2,
  // Of a machine that is busy with other things, too. Endless loops are cut short by counting, not by the clock.
  timeoutMS: 60_000,
};

/** What only the rule's page shows. test/generated compares the pages to the letter, so a mutant here proves nothing. */
const prose = new Set(['title', 'docs', 'states']);

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'prose',
    value: {
      shouldIgnore({ node, parentPath }) {
        const ofRule = parentPath?.parent?.type === 'CallExpression' && parentPath.parent.callee.name === 'defineRule';
        if (ofRule && node.type === 'ObjectProperty' && prose.has(node.key.name)) return 'on the page of the rule only';
        return undefined;
      },
    },
  },
];
