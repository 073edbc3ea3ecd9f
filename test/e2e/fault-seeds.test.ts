import { test } from 'vitest';
import { checkSeed } from '../support/fault-seeds.js';

test.each([4, 5])('whatever goes wrong, no verdict is: seed %i', { timeout: 120_000 }, (seed) => checkSeed(seed));
