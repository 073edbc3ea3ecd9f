import type { Attempt } from '#model/attempt.js';
import { foreignKey } from '#model/key-graph.js';
import { primaryAbsent, replicaToJudge } from '#model/multi-region.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { canonicalPolicy, withoutPlace } from '#policy/canonical.js';
import { readPolicy } from '#policy/reading.js';

export default defineRule({
  id: 'kms/mrk-consistent',
  kind: 'kms.key',
  severity: 'medium',
  title: 'Replicas of multi-Region keys are kept like their primary',
  needs: ['metadata'],
  premises: ['metadata'],
  wants: ['policy'],
  lookups: { 'kms.key': ['metadata', 'policy'] },
  follows: ['primary'],
  docs: {
    why: 'AWS copies neither the state nor the policy of a primary to its replicas. The day a region fails is a bad day to find the replica disabled, and a policy tightened at the primary alone leaves the same key open next door.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html',
    waive: 'A replica whose region has readers of its own, by decision.',
  },
  messages: {
    consistent: 'State and policy agree with the primary key {primary}.',
    stateDiffers: 'The key is {state}, its primary {primary} is {primaryState}.',
    policyDiffers: 'The key policy differs from that of the primary key {primary}.',
  },
  states: [
    ['AWS managed key, single-Region key, or primary', 'not applicable'],
    ['KeyState Creating or Updating', 'not applicable'],
    ['DescribeKey could not be read here or at the primary, or AWS left out the primary', 'unknown'],
    ['The primary is gone', 'not applicable: see kms/mrk-primary-reachable'],
    ['One of the two is Enabled, the other Disabled, Unavailable or PendingImport', 'fail, medium'],
    ['GetKeyPolicy could not be read here or at the primary, or a text is no policy', 'unknown'],
    ["The policies differ in more than order, names of statements, and each key's own region and ARN", 'fail, low'],
    ['Both agree', 'pass'],
  ],
  remediation: ({ arn, region }) => {
    const key = `--region ${shellQuote(region)} --key-id ${shellQuote(arn)}`;
    return {
      text: 'Decide which of the two is right. Enable the key that is disabled, or put the policy of the primary at the replica, with its own region in place of that of the primary.',
      cli: `aws kms get-key-policy --region "\${PRIMARY_REGION:?the region of the primary}" --key-id ${shellQuote(arn.slice(arn.indexOf('/') + 1))} --policy-name default --query Policy --output text > policy.json\n# Put the region of the replica into policy.json, then:\naws kms put-key-policy ${key} --policy-name default --policy file://policy.json\naws kms enable-key ${key}`,
      terraform:
        'resource "aws_kms_replica_key" "this" {\n  primary_key_arn = aws_kms_key.primary.arn\n  policy          = aws_kms_key.primary.policy\n  enabled         = true\n}',
    };
  },
  appliesTo: ({ metadata }) => replicaToJudge(metadata, new Set(['Creating', 'Updating'])),
  evaluate: ({ arn, region, metadata: { state, multiRegion }, policy }, { key, pass, fail, unknown, notApplicable }) => {
    const primary = multiRegion?.primaryArn ?? null;
    if (primary === null) return unknown([primaryAbsent]);
    const resolved = key(primary);
    if (resolved.state === 'unread') return unknown(resolved.missing);
    if (resolved.state === 'foreign') return unknown([foreignKey(resolved)]);
    if (resolved.state === 'aws-managed') return unknown([primaryAbsent]);
    if (resolved.state === 'missing') return notApplicable('the primary is gone: see kms/mrk-primary-reachable');

    const primaryState = resolved.key.metadata.state;
    const evidence = { primary, KeyState: state, primaryKeyState: primaryState };
    const facts = { expected: 'as the primary', evidence };
    if ((state === 'Enabled' && outOfUse.has(primaryState)) || (outOfUse.has(state) && primaryState === 'Enabled'))
      return fail('stateDiffers', { ...facts, actual: state, data: { state, primary, primaryState } });

    const own = comparable(policy, { arn, region });
    const its = comparable(resolved.key.read('policy'), resolved.key);
    if (!own.known || !its.known) return unknown([own, its].flatMap((fact) => (fact.known ? [] : fact.missing)));
    return own.value === its.value
      ? pass('consistent', { ...facts, actual: 'as the primary', data: { primary } })
      : fail('policyDiffers', { ...facts, actual: 'another policy', data: { primary }, severity: 'low' });
  },
});

const outOfUse = new Set(['Disabled', 'Unavailable', 'PendingImport']);

function comparable(policy: Attempt<string>, place: { readonly arn: string; readonly region: string }): Attempt<string | null> {
  const document = readPolicy(
    'kms.key/policy',
    policy.known ? { known: true, value: withoutPlace(policy.value, place) } : policy,
  );
  if (!document.known) return document;
  return { known: true, value: document.value === null ? null : canonicalPolicy(document.value) };
}
