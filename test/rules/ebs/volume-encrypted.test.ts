import { expect, test } from 'vitest';
import rule from '#rules/ebs/volume-encrypted.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfKey, key, metadata, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };

testRule(rule, {
  pass: [
    {
      name: 'under a key',
      resource: volume('vol-1'),
      message: `The volume is encrypted under ${arnOfKey(1)}.`,
      evidence: { Encrypted: true, KmsKeyId: arnOfKey(1) },
    },
    {
      name: 'under a key that is disabled: its state is key/usable',
      resource: volume('vol-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: `The volume is encrypted under ${arnOfKey(1)}.`,
    },
    {
      name: 'encrypted, its key left out',
      resource: volume('vol-1', { kmsKeyId: null }),
      message: 'The volume is encrypted; AWS does not say under which key.',
    },
    {
      name: 'sse-ebs though Encrypted is false',
      resource: volume('vol-1', { ...plain, sseType: 'sse-ebs' }),
      message: 'The volume is encrypted under a key that AWS owns (sse-ebs).',
    },
    {
      name: 'tags unread: nothing here needs them',
      resource: volume('vol-1', {}, { tags: unread() }),
      message: `The volume is encrypted under ${arnOfKey(1)}.`,
    },
  ],
  fail: [
    {
      name: 'attached',
      resource: volume('vol-1', plain),
      message: 'The volume is not encrypted.',
      evidence: { Encrypted: false, attachedTo: ['i-1'] },
    },
    {
      name: 'unattached',
      resource: volume('vol-1', { ...plain, state: 'available', attachedTo: [] }),
      message: 'The volume is not encrypted.',
      evidence: { attachedTo: [] },
    },
    {
      name: 'plain with tags unread',
      resource: volume('vol-1', plain, { tags: unread() }),
      message: 'The volume is not encrypted.',
    },
    {
      name: 'creating',
      resource: volume('vol-1', { ...plain, state: 'creating', attachedTo: [] }),
      message: 'The volume is not encrypted.',
    },
  ],
  unknown: [
    {
      name: 'Encrypted left out',
      resource: volume('vol-1', { encrypted: null, kmsKeyId: null }),
      missing: [{ facet: 'ebs.volume/details', code: 'Encrypted', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'deleting', resource: volume('vol-1', { ...plain, state: 'deleting' }), reason: 'the volume is deleting' },
    { name: 'deleted', resource: volume('vol-1', { ...plain, state: 'deleted' }), reason: 'the volume is deleted' },
  ],
});

test.each([
  ['plain first', [false, true, false, true]],
  ['encrypted first', [true, false, true, false]],
])('interleaved volumes are judged each on its own, %s', (_order, encrypted) => {
  const verdicts = encrypted.map((each) => judgeResource(rule, volume('vol-1', { encrypted: each })).verdict);
  expect(verdicts).toEqual(encrypted.map((each) => (each ? 'pass' : 'fail')));
});

test('the remediation names the volume by its id, whatever its name', () => {
  const { record, account } = volume('vol-1');
  const { cli, terraform } = rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' });
  expect(cli).toContain('aws ec2 create-snapshot --region us-east-1 --volume-id vol-1 ');
  expect(`${cli ?? ''}${terraform ?? ''}`).not.toContain('reboot');
});
