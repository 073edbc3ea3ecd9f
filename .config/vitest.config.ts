import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { define, root } from './bundle.mjs';

/** Folders whose tests touch nothing outside: they share what they import, which is most of their time. */
const pure = ['config', 'engine', 'gate', 'generated', 'model', 'plan', 'policy', 'reports', 'rules'].map(
  (name) => `test/${name}/**/*.test.ts`,
);

/** A bundle of authorities that the machine names would be parsed for each of a thousand scans. */
const env = { AWS_CA_BUNDLE: '', NODE_EXTRA_CA_CERTS: '' };

/** Suites with needs of their own. `npm test` is everything else; see test.mjs. */
const optional = ['moto', 'browser', 'long'];

export default defineConfig({
  root,
  define,
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many tests wait for a server, a limiter or a clock: with as many workers as cores a third of the time is idle.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'suite',
          env,
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...pure, ...optional.map((name) => `test/${name}/**`)],
        },
      },
      { extends: true, test: { name: 'suite-pure', env, include: pure, isolate: false } },
      ...optional.map((name) => ({
        extends: true as const,
        test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 300_000, hookTimeout: 300_000 },
      })),
    ],
  },
});
