import { z } from 'zod';
import { dateOf, daysText, isOlderThan } from '#model/days.js';
import { keyUsers } from '#model/key-users.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const expected = 'in use';

export default defineRule({
  id: 'kms/unused',
  kind: 'kms.key',
  severity: 'info',
  title: 'Every key is used for something',
  needs: ['metadata'],
  premises: ['metadata'],
  wants: ['aliases', 'lastUsage'],
  lookups: keyLookup,
  reverse: ['key'],
  // AWS allows five GetKeyLastUsage a second: a thousand idle keys would hold up a scan for minutes.
  recommended: false,
  options: z.strictObject({
    days: z.int().min(1).default(90).meta({ description: 'How long a key may go without use, in days' }),
  }),
  docs: {
    why: 'A key costs money every month, and each one more is a policy to keep and a way in to guard. What nobody uses can be disabled, watched for a while, and deleted.',
    source: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html',
    waive: 'A key that is kept for backups which are seldom read, or for a law that wants it kept.',
  },
  messages: {
    inUse: 'The key is in use by {dependants}.',
    usedLately: 'No resource was found that uses the key, but it was last used on {date} ({operation}).',
    usedLongAgo:
      'No resource of the run uses the key, and it was last used on {date} ({operation}). It costs 1 to 3 USD a month. AWS warns against deleting a key on this evidence alone: disable it first, and watch CloudTrail for calls that fail.',
    neverUsed:
      'No resource of the run uses the key, and no use of it is recorded since {date}. It costs 1 to 3 USD a month. AWS warns against deleting a key on this evidence alone: disable it first, and watch CloudTrail for calls that fail.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['KeyState PendingDeletion or PendingReplicaDeletion', 'not applicable'],
    ['DescribeKey could not be read', 'unknown'],
    ['Created no longer than `days` ago', 'not applicable'],
    ['A resource of the run uses the key', 'pass'],
    ['GetKeyLastUsage could not be read', 'unknown'],
    ['Last used no longer than `days` ago', 'pass'],
    ['No use recorded, and tracked for no longer than `days`', 'not applicable'],
    ['A listing that could hold a user of the key is not complete', 'unknown'],
    ['Last used, or tracked without use since, longer than `days` ago', 'fail'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Disable the key, watch CloudTrail for DisabledException for as long as the slowest job takes to come round, and only then schedule its deletion.',
    cli: `aws kms disable-key --region ${shellQuote(region)} --key-id ${shellQuote(arn)}`,
    terraform: 'resource "aws_kms_key" "this" {\n  is_enabled = false\n}',
  }),
  appliesTo: ({ metadata: { manager, state, createdAt } }, { now, options: { days } }) => {
    if (manager === 'AWS') return 'AWS managed keys cost nothing';
    if (state === 'PendingDeletion' || state === 'PendingReplicaDeletion') return `the key is in state ${state}`;
    if (createdAt === null || isOlderThan(createdAt, days, now)) return true;
    return `created on ${dateOf(createdAt)}: ${daysText(days)} have to pass first`;
  },
  evaluate: ({ arn, aliases, lastUsage }, { pass, fail, unknown, notApplicable, dependants, options: { days }, now }) => {
    const users = keyUsers(dependants(arn), aliases);
    const dependantsOnly = { dependants: users.byKind };
    if (users.total > 0)
      return pass('inUse', { expected, actual: users.text, data: { dependants: users.text }, evidence: dependantsOnly });
    if (!lastUsage.known) return unknown(lastUsage.missing);

    const { usedAt, operation, trackedSince } = lastUsage.value;
    const evidence = { ...dependantsOnly, Timestamp: usedAt, Operation: operation, TrackingStartDate: trackedSince };
    const since = usedAt ?? trackedSince ?? '';
    const old = isOlderThan(since, days, now);
    const date = dateOf(since);
    const data = { date, operation: operation ?? 'AWS does not say for what' };
    if (usedAt !== null && !old) return pass('usedLately', { expected, actual: date, data, evidence });
    if (!old) return notApplicable(`no use is recorded, and tracked only since ${date}`);
    if (users.missing.length > 0) return unknown(users.missing);
    const actual = `no use since ${date}`;
    return usedAt === null
      ? fail('neverUsed', { expected, actual, data: { date }, evidence })
      : fail('usedLongAgo', { expected, actual, data, evidence });
  },
});
