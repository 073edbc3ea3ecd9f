import { dateOf, dayMs, daysText } from '#model/days.js';
import { AtrestError } from '#model/errors.js';
import type { S3Calls } from './s3-calls.js';

export const lockModes = ['COMPLIANCE', 'GOVERNANCE'] as const;
export type LockMode = (typeof lockModes)[number];

/** How long a pack is to be kept from everybody's hands. Nothing named: as the bucket keeps all that it gets. */
export interface RetentionAsked {
  readonly mode?: LockMode | undefined;
  /** Last day (YYYY-MM-DD, in UTC). */
  readonly until?: string | undefined;
  readonly days?: number | undefined;
}

export interface Retention {
  readonly mode: LockMode;
  /** Of the bucket's default: no earlier than this. */
  readonly until: Date;
  /** Null: a date was named. */
  readonly days: number | null;
  readonly by: 'request' | 'bucket';
}

/** COMPLIANCE cannot be taken back by anybody: a slip of a digit in a year should not cost a century. */
const yearsMost = 10;

/** Refuses what can be no retention, before anybody is asked. */
export function checkAsked({ mode, until, days }: RetentionAsked): void {
  if (until !== undefined && days !== undefined) throw new AtrestError('usage', 'Name --retain-until or --retain-days, not both');
  if (mode !== undefined && until === undefined && days === undefined)
    throw new AtrestError('usage', `--lock-mode ${mode} needs --retain-until or --retain-days`, {
      hint: "Without all three the bucket's default retention holds, in its own mode.",
    });
  if (days !== undefined && !(Number.isInteger(days) && days > 0))
    throw new AtrestError('usage', '--retain-days takes a whole number above 0');
  if (until !== undefined && !isDay(until))
    throw new AtrestError('usage', `--retain-until ${until} is not a date`, { hint: 'Write it as 2033-12-31.' });
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && dateOf(new Date(time).toISOString()) === text;
}

/**
 * What the bucket will lock a pack with. Rejects for a bucket without Object Lock, and where neither the request nor the
 * bucket names a retention. Days are counted by the clock of S3.
 */
export async function retentionIn(calls: S3Calls, asked: RetentionAsked): Promise<Retention> {
  const { bucket } = calls.place;
  const { output, meta } = await calls.attempt(
    'GetObjectLockConfiguration',
    ['ObjectLockConfigurationNotFoundError'],
    (client, { GetObjectLockConfigurationCommand }) => client.send(new GetObjectLockConfigurationCommand({ Bucket: bucket })),
  );
  const { ObjectLockEnabled, Rule } = output?.ObjectLockConfiguration ?? {};
  if (ObjectLockEnabled !== 'Enabled')
    throw new AtrestError('output', `The bucket ${bucket} has no Object Lock: what it holds can be deleted`, {
      hint: `Make one with it (aws s3api create-bucket --object-lock-enabled-for-bucket …), or enable it where versioning is on (aws s3api put-object-lock-configuration --bucket ${bucket} --object-lock-configuration ObjectLockEnabled=Enabled).`,
    });
  const now = meta.date === null ? new Date() : new Date(meta.date);
  const named = namedRetention(asked, now);
  if (named !== undefined) return named;
  const { Mode, Days, Years } = Rule?.DefaultRetention ?? {};
  const mode = lockModes.find((each) => each === Mode);
  const days = Days ?? (Years ?? 0) * 365;
  if (mode === undefined || days === 0)
    throw new AtrestError('output', `Nobody says how long ${bucket} is to keep the pack: it has no default retention`, {
      hint: 'Name --retain-days or --retain-until. In COMPLIANCE mode nobody can take it back, the root of the account neither.',
    });
  return { mode, until: new Date(now.getTime() + days * dayMs), days, by: 'bucket' };
}

function namedRetention({ mode = 'COMPLIANCE', until, days }: RetentionAsked, now: Date): Retention | undefined {
  if (until === undefined && days === undefined) return undefined;
  const flag = until === undefined ? `--retain-days ${String(days)}` : `--retain-until ${until}`;
  // To the end of the last day.
  const end = until === undefined ? now.getTime() + (days ?? 0) * dayMs : Date.parse(until) + dayMs;
  if (end <= now.getTime()) throw new AtrestError('usage', `${flag} is over: it is ${dateOf(now.toISOString())}`);
  const most = new Date(now);
  most.setUTCFullYear(most.getUTCFullYear() + yearsMost);
  if (end > most.getTime() + dayMs)
    throw new AtrestError(
      'usage',
      `${flag} is ${daysText(Math.floor((end - now.getTime()) / dayMs))} ahead, more than ${String(yearsMost)} years`,
      {
        hint: "A retention may be impossible to take back. One that is meant to be so long belongs into the bucket's default retention; leave the flag out then.",
      },
    );
  return { mode, until: new Date(end), days: days ?? null, by: 'request' };
}

/** Rejects for a bucket that encrypts under no KMS key when no key is named. */
export async function checkEncryption(calls: S3Calls): Promise<void> {
  const { bucket, kmsKey } = calls.place;
  if (kmsKey !== null) return;
  const { output } = await calls.attempt(
    'GetBucketEncryption',
    ['ServerSideEncryptionConfigurationNotFoundError'],
    (client, { GetBucketEncryptionCommand }) => client.send(new GetBucketEncryptionCommand({ Bucket: bucket })),
  );
  const [rule] = output?.ServerSideEncryptionConfiguration?.Rules ?? [];
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256';
  if (isKms(algorithm)) return;
  throw new AtrestError('output', `The bucket ${bucket} encrypts with ${algorithm}, under no KMS key`, {
    hint: 'Name a key with --kms-key, or give the bucket one by default.',
  });
}

export function isKms(algorithm: string | undefined): boolean {
  return algorithm?.startsWith('aws:kms') === true;
}
