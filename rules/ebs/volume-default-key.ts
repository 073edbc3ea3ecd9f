import { known, type Attempt } from '#model/attempt.js';
import { keyName } from '#model/customer-managed.js';
import { defaultsArn } from '#model/ebs-defaults.js';
import { leftOut, notOurs } from '#model/ec2-listings.js';
import { isSnapshotEncrypted } from '#model/image-encryption.js';
import { foreignKey } from '#model/key-graph.js';
import { reencrypt } from '#model/reencrypt.js';
import { uncollected } from '#model/resources/index.js';
import { defineRule, keyLookup, type RuleContext } from '#model/rule.js';

const lookups = { ...keyLookup, 'ebs.defaults': ['defaultKey'], 'ebs.snapshot': ['details'] } as const;

export default defineRule({
  id: 'ebs/volume-default-key',
  kind: 'ebs.volume',
  severity: 'info',
  title: "EBS volumes made since the region's default key are encrypted under it",
  needs: ['details', 'encryption'],
  premises: ['details', 'encryption'],
  lookups,
  docs: {
    why: 'A default key of your own is meant for every volume of the region. One that is younger and under another key was launched by something that names its key: a template, a script or a person that does not follow the default.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    waive: 'A team or a data class that has a key of its own on purpose.',
  },
  messages: {
    default: 'The volume is encrypted under {key}, the default key of {region}.',
    other: 'The volume is encrypted under {key}, not under {defaultKey}, the default key of {region}.',
  },
  states: [
    ['Volume deleting or deleted, or not encrypted', 'not applicable'],
    ['The default key of the region could not be read, or is of an account outside the scope that does not show it', 'unknown'],
    ['The default key is aws/ebs', 'not applicable'],
    ['The default key is gone', 'not applicable: see ebs/default-key-usable'],
    ['AWS left out when the volume or the default key was made', 'unknown'],
    ['Made before the default key, or at the same time', 'not applicable'],
    ['From a snapshot that could not be read, or is not in the run', 'unknown: it may be encrypted'],
    ['From an encrypted snapshot', 'not applicable: its key goes over to the volume'],
    ['AWS left out whether the volume is encrypted, or under which key, or wrote an alias that could not be read', 'unknown'],
    ['Under the default key', 'pass'],
    ['Under another key', 'fail'],
  ],
  remediation: reencrypt,
  appliesTo: ({ encryption }) => {
    if (encryption.by === 'not-judged') return encryption.reason;
    return encryption.by !== 'none' || 'not encrypted: see ebs/volume-encrypted';
  },
  evaluate: (volume, { pass, fail, unknown, notApplicable, find, key, level }) => {
    const { details, encryption, region } = volume;
    const defaults = find('ebs.defaults', defaultsArn(volume));
    if (!defaults.known) return unknown(defaults.missing);
    if (typeof defaults.value !== 'object') return unknown([uncollected('ebs.defaults', 'defaultKey')]);
    const byDefault = key(defaults.value.defaultKey);
    if (byDefault.state === 'unread') return unknown(byDefault.missing);
    if (byDefault.state === 'foreign') return unknown([foreignKey(byDefault)]);
    if (byDefault.state === 'aws-managed') return notApplicable('the default key is aws/ebs');
    if (byDefault.state === 'missing') return notApplicable('the default key is gone: see ebs/default-key-usable');
    const { createdAt } = byDefault.key.metadata;
    if (createdAt === null) return unknown([keyWithoutDate]);
    if (details.createdAt === null) return unknown([leftOut('ebs.volume', 'CreateTime')]);
    if (Date.parse(details.createdAt) <= Date.parse(createdAt)) return notApplicable('not younger than the default key');

    const source = details.snapshotId === null ? known(false) : isEncrypted(details.snapshotId, region, find);
    if (!source.known) return unknown(source.missing);
    if (source.value) return notApplicable('made from an encrypted snapshot, whose key goes over to it');
    const evidence = { KmsKeyId: details.kmsKeyId, CreateTime: details.createdAt, defaultKey: byDefault.arn };
    const facts = { expected: byDefault.arn, evidence };
    const other = (name: string) =>
      fail('other', { ...facts, data: { key: name, defaultKey: byDefault.arn, region }, actual: name });
    if (encryption.by === 'aws-owned') return other('a key that AWS owns');
    if (encryption.by !== 'kms' || encryption.key === null) {
      const reading = level(encryption);
      return unknown(reading.is === 'unknown' ? reading.missing : []);
    }
    const used = key(encryption.key);
    if (used.arn === byDefault.arn) return pass('default', { ...facts, data: { key: used.arn, region }, actual: used.arn });
    // The ARN of a key that could not be read says all the same which one it is.
    return used.state === 'unread' && used.reference.form !== 'key' ? unknown(used.missing) : other(keyName(used));
  },
});

const keyWithoutDate = {
  facet: 'kms.key/metadata',
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  code: 'CreationDate',
  cause: 'absent-field',
} as const;

/** Whether the snapshot that a volume was made from is encrypted. */
function isEncrypted(
  snapshotId: string,
  region: string,
  find: RuleContext<Record<never, never>, typeof lookups>['find'],
): Attempt<boolean> {
  const snapshot = find('ebs.snapshot', snapshotId, region);
  if (!snapshot.known) return snapshot;
  if (typeof snapshot.value === 'object') return isSnapshotEncrypted(snapshot.value.details);
  return { known: false, missing: [notOurs('ebs.snapshot', snapshotId)] };
}
