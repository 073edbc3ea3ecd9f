import { configDefaults, defineConfig } from 'vitest/config';
import { define, root } from './bundle.mjs';

/** What a mutant of a rule is tried against: the rule's own cases. */
export default defineConfig({
  root,
  define,
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: { include: ['test/rules/*/*.test.ts'], exclude: configDefaults.exclude },
});
