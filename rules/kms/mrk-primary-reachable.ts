import { foreignKey } from '#model/key-graph.js';
import { primaryAbsent, replicaToJudge } from '#model/multi-region.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/mrk-primary-reachable',
  kind: 'kms.key',
  severity: 'high',
  title: 'The primary of every multi-Region replica is there to stay',
  needs: ['metadata'],
  premises: ['metadata'],
  lookups: keyLookup,
  follows: ['primary'],
  docs: {
    why: 'Rotation, further replicas and imported material all go by way of the primary. A primary that waits to be deleted goes with its last replica, and once it is gone a replica can never rotate again.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html',
    waive: 'A replica that is to be deleted as well.',
  },
  messages: {
    there: 'The primary key {primary} is there (KeyState {state}).',
    leaving: 'The primary key {primary} waits for its deletion until its replicas are gone.',
    gone: 'The primary key {primary} does not exist: {seenBy}.',
  },
  states: [
    ['AWS managed key, single-Region key, or primary', 'not applicable'],
    ['KeyState Updating: the primary is being changed', 'not applicable'],
    ['DescribeKey could not be read here, or AWS left out the primary', 'unknown'],
    ['NotFoundException for the primary, or it is not in the complete listing of its region', 'fail'],
    ['DescribeKey was refused at the primary, or a listing there is not complete', 'unknown'],
    ['The primary is in state PendingReplicaDeletion', 'fail'],
    ['The primary is in any other state', 'pass'],
  ],
  remediation: ({ arn, region }) => {
    const id = shellQuote(arn.slice(arn.indexOf('/') + 1));
    const primary = '--region "${PRIMARY_REGION:?the region of the primary}"';
    return {
      text: 'Cancel the deletion of the primary, or make this replica the primary before it is gone. Without a primary, move the data to another key.',
      cli: `aws kms cancel-key-deletion ${primary} --key-id ${id}\naws kms enable-key ${primary} --key-id ${id}\naws kms update-primary-region ${primary} --key-id ${id} --primary-region ${shellQuote(region)}`,
      terraform: 'resource "aws_kms_key" "primary" {\n  multi_region = true\n  lifecycle {\n    prevent_destroy = true\n  }\n}',
    };
  },
  appliesTo: ({ metadata }) => replicaToJudge(metadata, new Set(['Updating'])),
  evaluate: ({ metadata: { multiRegion } }, { key, pass, fail, unknown }) => {
    const primary = multiRegion?.primaryArn ?? null;
    if (primary === null) return unknown([primaryAbsent]);
    const resolved = key(primary);
    const expected = 'a primary that stays';
    switch (resolved.state) {
      case 'missing': {
        const { seenBy } = resolved;
        return fail('gone', { expected, actual: seenBy, data: { primary, seenBy }, evidence: { primary, seenBy } });
      }
      case 'unread':
        return unknown(resolved.missing);
      case 'foreign':
        return unknown([foreignKey(resolved)]);
      case 'aws-managed':
        return unknown([primaryAbsent]);
      case 'resolved': {
        const { state } = resolved.key.metadata;
        const facts = { expected, actual: state, evidence: { primary, KeyState: state } };
        return state === 'PendingReplicaDeletion'
          ? fail('leaving', { ...facts, data: { primary } })
          : pass('there', { ...facts, data: { primary, state } });
      }
    }
  },
});
