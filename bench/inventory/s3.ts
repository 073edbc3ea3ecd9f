import type { FacetState, ResourceRecord } from '#model/resources/index.js';
import { read, record, tags, type Calls, type Ground } from './place.js';

/** Key references in every form that S3 stores: ARN, key id, alias, none. One bucket in thirty lets SSE-C in. */
export function bucket(ground: Ground, index: number, calls: Calls): ResourceRecord {
  const { place, random, keys } = ground;
  const name = `data-${place.account}-${place.region}-${String(index).padStart(6, '0')}`;
  const sensitive = random.chance(0.1);
  const key = random.pick(keys);
  const underKey = sensitive || random.chance(0.4);
  const keyId = underKey ? random.pick([key, key, key.slice(key.lastIndexOf('/') + 1)]) : null;
  const encryption = {
    algorithm: underKey ? 'aws:kms' : 'AES256',
    keyId,
    bucketKey: underKey,
    blocked: random.chance(0.033) ? ['NONE'] : ['SSE-C'],
  };
  const policy: FacetState = random.chance(0.3)
    ? read(tlsOnly(name), calls.made('s3:GetBucketPolicy'))
    : { state: 'absent', call: calls.made('s3:GetBucketPolicy') };
  return record('s3.bucket', place, `arn:aws:s3:::${name}`, name, {
    defaultEncryption: read(encryption, calls.made('s3:GetBucketEncryption')),
    logging: read(null, calls.made('s3:GetBucketLogging')),
    policy,
    replication: { state: 'absent', call: calls.made('s3:GetBucketReplication') },
    inventory: read([], calls.made('s3:ListBucketInventoryConfigurations')),
    tags: read(tags(random, name, sensitive), calls.made('s3:GetBucketTagging')),
  });
}

function tlsOnly(name: string): string {
  const Resource = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const statement = {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
