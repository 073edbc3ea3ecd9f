import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdSet } from '#evidence/id-set.js';

const digest = (number: number): string => createHash('sha256').update(String(number)).digest('hex').slice(0, 32);

test('an id is there once it was added, whatever it is made of', () => {
  const close = fc
    .integer({ min: 0, max: 40 })
    .map((number) => `000000010000000000000000${number.toString(16).padStart(8, '0')}`);
  const zeros = fc.constantFrom('0'.repeat(32), `${'0'.repeat(8)}${'a'.repeat(24)}`, 'g'.repeat(32), `${'a'.repeat(31)}g`);
  const ids = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }).map(digest), close, zeros, fc.string({ maxLength: 33 })));
  fc.assert(
    fc.property(ids, (given) => {
      const [set, model] = [new IdSet(), new Set<string>()];
      for (const id of given) {
        // Digits in hex are the same in capitals.
        const same = /^[\da-f]{32}$/i.test(id) ? id.toLowerCase() : id;
        expect(set.add(id)).toBe(!model.has(same));
        model.add(same);
      }
    }),
  );
});

test('holds more than it has begun with', () => {
  const set = new IdSet();
  for (let number = 0; number < 5_000; number += 1) expect(set.add(digest(number))).toBe(true);
  for (let number = 0; number < 5_000; number += 1) expect(set.add(digest(number))).toBe(false);
});
