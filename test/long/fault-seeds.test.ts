import { test } from 'vitest';
import { checkSeed } from '../support/fault-seeds.js';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

test.each(seeds)('whatever goes wrong, no verdict is: seed %i', { timeout: 180_000 }, (seed) => checkSeed(seed));
