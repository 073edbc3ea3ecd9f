import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { define, root } from './bundle.mjs';

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
    // A bundle of authorities that the machine names would be parsed for each of a thousand scans.
    env: { AWS_CA_BUNDLE: '', NODE_EXTRA_CA_CERTS: '' },
    // Many tests wait for a server or a limiter: one worker less than there are cores would leave half of two idle.
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: {
          name: 'suite',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...optional.map((name) => `test/${name}/**`)],
        },
      },
      ...optional.map((name) => ({
        extends: true as const,
        test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 300_000, hookTimeout: 300_000 },
      })),
    ],
  },
});
