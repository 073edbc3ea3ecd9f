import { timeToDeletion } from '#model/key-deletion.js';
import { keyUsers } from '#model/key-users.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/not-pending-deletion',
  kind: 'kms.key',
  severity: 'high',
  title: 'No key waits for its deletion',
  needs: ['metadata'],
  premises: ['metadata'],
  wants: ['aliases'],
  lookups: keyLookup,
  reverse: ['key'],
  docs: {
    why: 'Once the waiting period is over, everything that was encrypted under the key is lost for good. Until then the key can be used for nothing, and the deletion can be cancelled.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
    waive: 'A deletion that was decided on after the last use of the key was checked, up to its date.',
  },
  messages: {
    notPending: 'The key is not waiting for its deletion (KeyState {state}).',
    inUse: 'The key is {state}: {when}. In use by {dependants}.',
    notFullyRead: 'The key is {state}: {when}. No resource that was read uses it; dependants not fully read.',
    unused: 'The key is {state}: {when}. No resource of the run uses it.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey could not be read', 'unknown'],
    ['KeyState other than PendingDeletion and PendingReplicaDeletion', 'pass'],
    ['Waits for deletion, and a resource of the run uses it', 'fail, critical'],
    ['Waits for deletion, and a listing that could hold a user is not complete', 'fail, high: "dependants not fully read"'],
    ['Waits for deletion, and no resource uses it', 'fail, high'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Cancel the deletion unless the loss of everything under this key is wanted, then enable the key: cancelling leaves it disabled.',
    cli: `aws kms cancel-key-deletion --region ${shellQuote(region)} --key-id ${shellQuote(arn)}\naws kms enable-key --region ${shellQuote(region)} --key-id ${shellQuote(arn)}`,
    terraform:
      'resource "aws_kms_key" "this" {\n  deletion_window_in_days = 30\n  lifecycle {\n    prevent_destroy = true\n  }\n}',
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS managed keys cannot be deleted',
  evaluate: ({ arn, metadata, aliases }, { now, pass, fail, dependants }) => {
    const { state } = metadata;
    if (state !== 'PendingDeletion' && state !== 'PendingReplicaDeletion')
      return pass('notPending', { data: { state }, actual: state });

    const users = keyUsers(dependants(arn), aliases);
    const data = { state, when: timeToDeletion(metadata, now) };
    const evidence = {
      KeyState: state,
      DeletionDate: metadata.deletionAt,
      PendingDeletionWindowInDays: metadata.pendingDeletionWindowDays,
      dependants: users.byKind,
    };
    const facts = { expected: 'not waiting for deletion', actual: state, evidence };
    if (users.total > 0) return fail('inUse', { ...facts, severity: 'critical', data: { ...data, dependants: users.text } });
    return users.missing.length === 0 ? fail('unused', { ...facts, data }) : fail('notFullyRead', { ...facts, data });
  },
});
