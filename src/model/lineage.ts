import { z } from 'zod';
import { levels } from './level.js';

const count = z.int().nonnegative();

/** A snapshot in a chain of copies. */
export const LineageHop = z.object({
  resource: z.string().meta({ description: 'Its ARN; its id alone where that is all that is known of it' }),
  kind: z.string(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  level: z.enum(levels).nullable().meta({ description: 'What it is encrypted under; null: not known, or nothing to say' }),
  key: z.string().nullable().meta({ description: 'ARN of its key' }),
  trouble: z.string().nullable().meta({ description: 'Why its key cannot be used, now or soon' }),
  unread: z.string().nullable().meta({ description: 'Why no more is known of it' }),
});
export type LineageHop = z.infer<typeof LineageHop>;

export const SnapshotLineage = z.object({
  chains: z
    .array(z.object({ hops: z.array(LineageHop) }))
    .meta({ description: 'From the first snapshot to the last copy; what can be lost comes first' }),
  more: count.meta({ description: 'Chains that are left out' }),
  unseen: count.meta({ description: 'Copies that were not looked at, for there are too many' }),
});
export type SnapshotLineage = z.infer<typeof SnapshotLineage>;
