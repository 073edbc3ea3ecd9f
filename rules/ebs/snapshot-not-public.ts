import { whyNotJudged } from '#model/encryption.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'ebs/snapshot-not-public',
  kind: 'ebs.snapshot',
  severity: 'critical',
  title: 'EBS snapshots are not public',
  needs: ['details', 'public'],
  premises: ['details'],
  lookups: { 'ebs.defaults': ['snapshotBlockPublicAccess'] },
  docs: {
    why: 'Everybody with an AWS account can list a public snapshot, copy it and read the whole disk, deleted files included. The region can block that, but the permission stays and takes effect when the block is lifted.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    waive: 'A snapshot that is published on purpose, say behind a public image.',
  },
  messages: {
    encrypted: 'The snapshot is encrypted: AWS does not let it be public.',
    notPublic: 'The snapshot is not public, by {seenBy}.',
    public: 'The snapshot is public, by {seenBy}; block public access for snapshots in {region} is {state}.',
    latent:
      'The snapshot is shared with everybody, by {seenBy}, and not public only as long as {region} keeps block-all-sharing.',
    blockUnread: 'The snapshot is public, by {seenBy}; whether {region} blocks public access could not be read.',
  },
  states: [
    ['Snapshot in state error', 'not applicable'],
    ['Encrypted', 'pass, without a call'],
    ['createVolumePermission without Group=all', 'pass'],
    ['Group=all under block-all-sharing', 'fail, medium: latent'],
    ['Group=all under block-new-sharing or unblocked', 'fail'],
    ['Group=all, the block state could not be read', 'fail'],
    ['The permission could not be read', 'unknown'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Take the permission of everybody back, and block public access for snapshots in the region. Treat what the snapshot held as disclosed.',
    cli: `aws ec2 modify-snapshot-attribute --region ${shellQuote(region)} --snapshot-id ${shellQuote(arn.slice(arn.lastIndexOf('/') + 1))} --attribute createVolumePermission --operation-type remove --group-names all\naws ec2 enable-snapshot-block-public-access --region ${shellQuote(region)} --state block-all-sharing`,
    terraform: 'resource "aws_ebs_snapshot_block_public_access" "this" {\n  state = "block-all-sharing"\n}',
  }),
  appliesTo: ({ kind, details }) => whyNotJudged({ kind, details }) ?? true,
  evaluate: ({ public: sharing, partition, account, region }, { pass, fail, find }) => {
    const { seenBy } = sharing;
    const expected = 'not public';
    const seen = { public: sharing.public, seenBy };
    if (seenBy === 'encrypted') return pass('encrypted', { expected, evidence: seen, actual: expected });
    if (!sharing.public) return pass('notPublic', { expected, evidence: seen, data: { seenBy }, actual: expected });

    const found = find('ebs.defaults', `arn:${partition}:ec2:${region}:${account}:ebs-defaults`);
    if (!found.known || typeof found.value !== 'object')
      return fail('blockUnread', { expected, evidence: seen, data: { seenBy, region }, actual: 'public' });
    const state = found.value.snapshotBlockPublicAccess;
    const evidence = { ...seen, snapshotBlockPublicAccess: state };
    if (state === 'block-all-sharing') {
      const actual = 'shared with everybody, blocked';
      return fail('latent', { expected, evidence, data: { seenBy, region }, actual, severity: 'medium' });
    }
    return fail('public', { expected, evidence, data: { seenBy, region, state }, actual: 'public' });
  },
});
