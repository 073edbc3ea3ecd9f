import { known, type Attempt, type Missing } from './attempt.js';
import { encryptionOf, type Encryption } from './encryption.js';
import { keyReference } from './key-reference.js';
import { isBelow, levels, levelTexts, type Level, type LevelReading } from './level.js';
import type { Found, RuleContext } from './rule.js';

export const destinationLookups = { 's3.bucket': ['defaultEncryption'], 'kms.key': ['metadata', 'aliases'] } as const;
type Context = Pick<RuleContext<Readonly<Record<string, string>>, typeof destinationLookups>, 'find'>;

/** The bucket that replicas or reports go to; null: not in the run. */
export function destinationBucket(arn: string, { find }: Context): Attempt<Found<'s3.bucket', 'defaultEncryption'> | null> {
  const found = find('s3.bucket', arn);
  if (!found.known) return found;
  // Bucket names are unique in the world, so a name that no complete list holds is a bucket elsewhere.
  return known(typeof found.value === 'object' ? found.value : null);
}

/** What is missing of a bucket that is not in the run. */
export function outsideTheRun(arn: string): Missing {
  return { facet: 's3.bucket/defaultEncryption', operation: null, action: null, code: arn, cause: 'uncollected' };
}

/** How a bucket encrypts by default, as another resource sees it: the key by its ARN. */
export function defaultEncryptionOf(bucket: Found<'s3.bucket', 'defaultEncryption'>): Attempt<Encryption> {
  const encryption = encryptionOf(bucket);
  if (encryption.by === 'service') return { known: false, missing: [withoutLevel(encryption.mode)] };
  if (encryption.by !== 'kms') return known(encryption);
  const reference = keyReference(encryption.key, bucket);
  return known('arn' in reference ? { ...encryption, key: reference.arn } : encryption);
}

/** The key is a file system's or vault's, which no call of this run shows. */
function withoutLevel(mode: string): Missing {
  const operation = 's3:GetBucketEncryption';
  const action = 's3:GetEncryptionConfiguration';
  return { facet: 's3.bucket/defaultEncryption', operation, action, code: `the key behind ${mode}`, cause: 'absent-field' };
}

/** The levels that a reading leaves open. A key that is gone was a customer's: AWS managed keys cannot be deleted. */
export function possibleLevels({ by }: Encryption, reading: LevelReading): readonly Level[] {
  switch (reading.is) {
    case 'level':
      return [reading.level];
    case 'key-gone':
      return ['customer-managed'];
    case 'no-level':
      return levels;
    case 'unknown':
      return by === 'kms' ? ['aws-managed', 'customer-managed'] : levels;
  }
}

/** Whether one is below the other whichever of the levels they have; null: it depends. */
export function isSurelyBelow(these: readonly Level[], others: readonly Level[]): boolean | null {
  const answers = these.flatMap((level) => others.map((other) => isBelow(level, other)));
  if (!answers.includes(false)) return true;
  return answers.includes(true) ? null : false;
}

/** In words, where the level may not be settled. */
export function levelText(possible: readonly Level[]): string {
  const [only, ...more] = possible;
  return only === undefined || more.length > 0 ? 'under a KMS key' : levelTexts[only];
}
