import rule from '#rules/kms/custom-store-connected.js';
import { customKeyStoreArn } from '#model/key-reference.js';
import type { CustomKeyStoreDetails } from '#model/resources/index.js';
import { arnOfKey, bucket, home, key, metadata, resource, unread, volume, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const store = (state: string | null, errorCode: string | null = null, id = 'cks-1'): TestResource => {
  const details: CustomKeyStoreDetails = { state, errorCode, type: 'AWS_CLOUDHSM' };
  return resource('kms.custom-key-store', customKeyStoreArn(home, id), { details }, { name: 'hsm' });
};
const inside = (n: number, customKeyStoreId = 'cks-1'): TestResource =>
  key(n, { metadata: metadata({ customKeyStoreId, origin: 'AWS_CLOUDHSM' }) });

testRule(rule, {
  pass: [
    {
      name: 'connected',
      resource: store('CONNECTED'),
      others: [inside(1), volume('vol-1')],
      message: 'The custom key store is connected.',
    },
  ],
  fail: [
    {
      name: 'failed, and a volume is under one of its keys',
      resource: store('FAILED', 'NETWORK_ERRORS'),
      others: [inside(1), inside(2), volume('vol-1'), volume('vol-2', { kmsKeyId: arnOfKey(3) }), key(3)],
      message: 'The custom key store is FAILED (NETWORK_ERRORS). Its keys are in use by 1 ebs.volume.',
      severity: 'critical',
      evidence: {
        ConnectionState: 'FAILED',
        ConnectionErrorCode: 'NETWORK_ERRORS',
        keys: [arnOfKey(1), arnOfKey(2)],
        dependants: { 'ebs.volume': 1 },
      },
    },
    {
      name: 'users of several of its keys',
      resource: store('DISCONNECTED'),
      others: [
        inside(1),
        inside(2),
        volume('vol-1'),
        volume('vol-2', { kmsKeyId: arnOfKey(2) }),
        bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(2) }),
      ],
      unreadLists: [{ kind: 'rds.instance' }],
      message: 'The custom key store is DISCONNECTED. Its keys are in use by at least 2 ebs.volume, 1 s3.bucket.',
      severity: 'critical',
    },
    {
      name: 'nothing uses its key; that of another store is used',
      resource: store('DISCONNECTING'),
      others: [inside(1), inside(2, 'cks-2'), volume('vol-1', { kmsKeyId: arnOfKey(2) })],
      message: 'The custom key store is DISCONNECTING. It holds 1 key, and no resource of the run uses any of them.',
    },
    {
      name: 'without keys',
      resource: store('DISCONNECTED'),
      others: [key(1), volume('vol-1')],
      unreadLists: [{ kind: 'rds.instance' }],
      message: 'The custom key store is DISCONNECTED. It holds no keys.',
      severity: 'low',
    },
    {
      name: 'a listing of possible users denied',
      resource: store('DISCONNECTED'),
      others: [inside(1)],
      unreadLists: [{ kind: 'rds.instance' }],
      message: 'The custom key store is DISCONNECTED. No use of its keys was found; keys and dependants not fully read.',
    },
    {
      name: 'a key denied',
      resource: store('DISCONNECTED'),
      others: [key(1, { metadata: unread({ operation: 'kms:DescribeKey' }) })],
      message: 'The custom key store is DISCONNECTED. No use of its keys was found; keys and dependants not fully read.',
    },
  ],
  unknown: [
    {
      name: 'AWS left out the state',
      resource: store(null),
      missing: [
        {
          facet: 'kms.custom-key-store/details',
          operation: 'kms:DescribeCustomKeyStores',
          code: 'ConnectionState',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'a state that we do not know',
      resource: store('ASLEEP'),
      missing: [{ code: 'a known ConnectionState (it says ASLEEP)' }],
    },
    {
      name: 'not read',
      resource: resource('kms.custom-key-store', customKeyStoreArn(home, 'cks-1'), { details: unread() }),
      missing: [{ facet: 'kms.custom-key-store/details' }],
    },
  ],
  notApplicable: [{ name: 'connecting', resource: store('CONNECTING'), reason: 'the custom key store is connecting' }],
});
