import { z } from 'zod';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'ebs/snapshot-block-public-access',
  kind: 'ebs.defaults',
  severity: 'medium',
  title: 'EBS snapshots cannot be made public in any region',
  needs: ['snapshotBlockPublicAccess'],
  options: z.strictObject({
    allowBlockNew: z
      .boolean()
      .default(false)
      .meta({ description: 'Accept block-new-sharing, which leaves snapshots public that already were' }),
  }),
  docs: {
    why: 'One wrong call makes a whole disk public. Blocked for the account and region, that call fails, and snapshots that were public already are closed. The setting says nothing about shares with single accounts.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
    waive: 'A region from which public snapshots are published on purpose.',
  },
  messages: {
    all: 'Block public access for snapshots in {region} is block-all-sharing.',
    newAccepted: 'Block public access for snapshots in {region} is block-new-sharing, which the baseline accepts.',
    newOnly: 'Block public access for snapshots in {region} is block-new-sharing: snapshots that were public before still are.',
    open: 'Block public access for snapshots in {region} is {state}.',
  },
  states: [
    ['State block-all-sharing', 'pass'],
    ['State block-new-sharing, with allowBlockNew', 'pass'],
    ['State block-new-sharing', 'fail'],
    ['State unblocked, or one that this version does not know', 'fail'],
    ['GetSnapshotBlockPublicAccessState could not be read', 'unknown'],
  ],
  remediation: ({ region }) => ({
    text: 'Block all public sharing of snapshots in the region. The permissions of public snapshots stay and take effect again when the block is lifted: take them back too.',
    cli: `aws ec2 enable-snapshot-block-public-access --region ${shellQuote(region)} --state block-all-sharing`,
    terraform: 'resource "aws_ebs_snapshot_block_public_access" "this" {\n  state = "block-all-sharing"\n}',
  }),
  evaluate: ({ snapshotBlockPublicAccess: state, region }, { pass, fail, options: { allowBlockNew } }) => {
    const facts = { expected: 'block-all-sharing', actual: state, evidence: { State: state } };
    if (state === 'block-all-sharing') return pass('all', { ...facts, data: { region } });
    if (state !== 'block-new-sharing') return fail('open', { ...facts, data: { region, state } });
    return allowBlockNew ? pass('newAccepted', { ...facts, data: { region } }) : fail('newOnly', { ...facts, data: { region } });
  },
});
