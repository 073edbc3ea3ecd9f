import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** What a mutant of a rule is tried against: the cases of that rule, and nothing that holds many rules at once. */
export default defineConfig({
  ...base,
  test: { include: ['test/rules/*/*.test.ts'], exclude: ['test/rules/state-tables/**'] },
});
