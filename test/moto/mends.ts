import type { Call } from './call.js';
import type { Answer, Backend, Mend } from './proxy.js';

/**
 * All that the proxy puts right of moto, for the operations that atrest calls. What a client told moto and moto drops
 * is remembered from the client's own request, so that what is read back is what was written. defects.test.ts shows
 * each of the defects on moto itself: when it fails, moto has improved and the mend can go.
 */
export function makeMends(): readonly Mend[] {
  const memory: Memory = {
    ebsDefaultKeys: new Map(),
    blockStates: new Map(),
    imageBlocks: new Set(),
    copies: new Map(),
    blockedTypes: new Map(),
  };
  const mend = (
    operation: string,
    why: string,
    answer: (call: Call, moto: Backend, memory: Memory) => Promise<Answer>,
  ): Mend => ({
    operation,
    why,
    answer: (call, moto) => answer(call, moto, memory),
  });
  return [
    mend('ec2:DescribeRegions', 'lists the regions of the other partitions too', regionsOfThePartition),
    mend('ec2:DescribeSnapshots', 'ignores RestorableByUserIds', publicSnapshots),
    mend('ec2:GetEbsDefaultKmsKeyId', 'has no such operation', ebsDefaultKey),
    mend('ec2:ModifyEbsDefaultKmsKeyId', 'has it, but not the operation that reads back what it sets', rememberEbsDefaultKey),
    mend('ec2:GetSnapshotBlockPublicAccessState', 'has no such operation', blockState),
    mend('ec2:EnableSnapshotBlockPublicAccess', 'has no such operation', enableBlock),
    mend('kms:DescribeCustomKeyStores', 'has no such operation', noKeyStores),
    mend('ec2:GetImageBlockPublicAccessState', 'has no such operation', imageBlockState),
    mend('ec2:EnableImageBlockPublicAccess', 'has no such operation', enableImageBlock),
    mend('kms:DescribeKey', 'calls a multi-Region primary REPLICA once its replica was described', multiRegionKeyType),
    mend('rds:DescribeDBInstances', 'names the default key by the literal default_kms_key_id', defaultDatabaseKey),
    mend(
      'rds:DescribeDBClusters',
      'names the default key by a literal, and one where there is no encryption',
      defaultDatabaseKey,
    ),
    mend('rds:DescribeDBSnapshots', 'names the default key by a literal, and no source of a copy', databaseSnapshots),
    mend('rds:DescribeDBClusterSnapshots', 'names the default key by a literal, and no source of a copy', databaseSnapshots),
    mend('rds:DescribeDBInstanceAutomatedBackups', 'tells the name and the status of the instance alone', instanceBackups),
    mend('rds:DescribeDBClusterAutomatedBackups', 'has no such operation', () => rdsList('DBClusterAutomatedBackups')),
    mend('rds:DescribeExportTasks', 'leaves out when a task started', exportTasks),
    mend('rds:DescribeIntegrations', 'has no such operation', () => rdsList('Integrations')),
    mend('rds:CopyDBSnapshot', 'forgets what was copied', rememberCopy),
    mend('rds:CopyDBClusterSnapshot', 'forgets what was copied', rememberCopy),
    mend('s3:ListBuckets', 'leaves out BucketRegion', bucketRegions),
    mend('s3:GetBucketEncryption', 'has no SSE-S3 by default and drops BlockedEncryptionTypes', bucketEncryption),
    mend('s3:PutBucketEncryption', 'drops BlockedEncryptionTypes', rememberBlockedTypes),
  ];
}

/** What clients told moto and moto forgets, by account and region, ARN of the copy, or bucket. */
interface Memory {
  readonly ebsDefaultKeys: Map<string, string>;
  readonly blockStates: Map<string, string>;
  readonly imageBlocks: Set<string>;
  readonly copies: Map<string, string>;
  readonly blockedTypes: Map<string, string>;
}

const otherPartitions = /^(us-gov|cn|us-iso|us-isob|eusc)-/;

/** AWS lists the regions of the caller's partition. */
async function regionsOfThePartition(_call: Call, moto: Backend): Promise<Answer> {
  const passed = await moto.pass();
  return edit(passed, (xml) =>
    replaceBlocks(xml, 'item', (item) => (otherPartitions.test(textOf(item, 'regionName')) ? '' : item)),
  );
}

/** With RestorableByUserIds=all only snapshots that everybody may restore are listed; asked for them by id, moto lists just these. */
async function publicSnapshots(call: Call, moto: Backend): Promise<Answer> {
  const passed = await moto.pass();
  if (call.params.get('RestorableBy.1') !== 'all') return passed;
  const version = { Version: call.params.get('Version') ?? '' };
  const ids = textsOf(passed.body.toString(), 'snapshotId');
  const attributes = await Promise.all(
    ids.map((SnapshotId) =>
      moto.query('ec2', { Action: 'DescribeSnapshotAttribute', ...version, SnapshotId, Attribute: 'createVolumePermission' }),
    ),
  );
  const open = ids.filter((_id, index) => attributes[index]?.includes('<group>all</group>') === true);
  if (open.length === ids.length) return passed;
  if (open.length === 0) return edit(passed, (xml) => xml.replace(/<snapshotSet>.*<\/snapshotSet>/s, '<snapshotSet/>'));
  const named = Object.fromEntries(open.map((id, index) => [`SnapshotId.${String(index + 1)}`, id]));
  const listed = await moto.query('ec2', { Action: 'DescribeSnapshots', ...version, ...named });
  return edit(passed, () => listed);
}

/** `alias/aws/ebs`, or the key that was set. */
async function ebsDefaultKey(call: Call, moto: Backend, { ebsDefaultKeys }: Memory): Promise<Answer> {
  return ec2Answer('GetEbsDefaultKmsKeyId', 'kmsKeyId', ebsDefaultKeys.get(await placeOf(call, moto)) ?? 'alias/aws/ebs');
}

async function rememberEbsDefaultKey(call: Call, moto: Backend, { ebsDefaultKeys }: Memory): Promise<Answer> {
  ebsDefaultKeys.set(await placeOf(call, moto), call.params.get('KmsKeyId') ?? '');
  return moto.pass();
}

/** `unblocked`, or the state that was set. */
async function blockState(call: Call, moto: Backend, { blockStates }: Memory): Promise<Answer> {
  return ec2Answer('GetSnapshotBlockPublicAccessState', 'state', blockStates.get(await placeOf(call, moto)) ?? 'unblocked');
}

async function enableBlock(call: Call, moto: Backend, { blockStates }: Memory): Promise<Answer> {
  const state = call.params.get('State') ?? '';
  blockStates.set(await placeOf(call, moto), state);
  return ec2Answer('EnableSnapshotBlockPublicAccess', 'state', state);
}

/** moto has no custom key stores. */
function noKeyStores(): Promise<Answer> {
  const body = Buffer.from('{"CustomKeyStores":[],"Truncated":false}');
  return Promise.resolve({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body });
}

/** `unblocked`, unless it was blocked. */
async function imageBlockState(call: Call, moto: Backend, { imageBlocks }: Memory): Promise<Answer> {
  const state = imageBlocks.has(await placeOf(call, moto)) ? 'block-new-sharing' : 'unblocked';
  return ec2Answer('GetImageBlockPublicAccessState', 'imageBlockPublicAccessState', state);
}

async function enableImageBlock(call: Call, moto: Backend, { imageBlocks }: Memory): Promise<Answer> {
  imageBlocks.add(await placeOf(call, moto));
  return ec2Answer('EnableImageBlockPublicAccess', 'imageBlockPublicAccessState', 'block-new-sharing');
}

/** A multi-Region key is the primary exactly in the region that it names as its primary's. */
async function multiRegionKeyType(call: Call, moto: Backend): Promise<Answer> {
  const passed = await moto.pass();
  const answer = JSON.parse(passed.body.toString()) as {
    KeyMetadata?: { MultiRegionConfiguration?: { MultiRegionKeyType: string; PrimaryKey: { Region: string } } };
  };
  const multiRegion = answer.KeyMetadata?.MultiRegionConfiguration;
  if (multiRegion === undefined) return passed;
  const type = multiRegion.PrimaryKey.Region === call.region ? 'PRIMARY' : 'REPLICA';
  if (multiRegion.MultiRegionKeyType === type) return passed;
  multiRegion.MultiRegionKeyType = type;
  return edit(passed, () => JSON.stringify(answer));
}

/** The default key of RDS is the target of alias/aws/rds, named by its ARN; what is not encrypted has no key. */
async function defaultDatabaseKey(_call: Call, moto: Backend): Promise<Answer> {
  const passed = await moto.pass();
  const xml = passed.body.toString();
  if (!xml.includes('default_kms_key_id')) return passed;
  const described = JSON.parse(await moto.kms('DescribeKey', { KeyId: 'alias/aws/rds' })) as { KeyMetadata: { Arn: string } };
  const named = `<KmsKeyId>${described.KeyMetadata.Arn}</KmsKeyId>`;
  const ofDatabase = (block: string) =>
    block.replace('<KmsKeyId>default_kms_key_id</KmsKeyId>', /<(Storage)?Encrypted>true</.test(block) ? named : '');
  const kinds = ['DBInstance', 'DBCluster', 'DBSnapshot', 'DBClusterSnapshot'];
  return edit(passed, () => kinds.reduce((text, kind) => replaceBlocks(text, kind, ofDatabase), xml));
}

/** A copy names its source: DBSnapshot by identifier and region, DBClusterSnapshot by ARN. */
async function databaseSnapshots(call: Call, moto: Backend, { copies }: Memory): Promise<Answer> {
  const keyed = await defaultDatabaseKey(call, moto);
  const sourced = edit(keyed, (xml) =>
    xml.replace(/<(DB(?:Cluster)?SnapshotArn)>([^<]+)<\/\1>/g, (written, element: string, arn: string) => {
      const source = copies.get(arn);
      if (source === undefined) return written;
      if (element === 'DBClusterSnapshotArn')
        return `${written}<SourceDBClusterSnapshotArn>${source}</SourceDBClusterSnapshotArn>`;
      return `${written}<SourceDBSnapshotIdentifier>${source}</SourceDBSnapshotIdentifier><SourceRegion>${source.split(':')[3] ?? ''}</SourceRegion>`;
    }),
  );
  return sourced.body.equals(keyed.body) ? keyed : sourced;
}

/** Backups are encrypted as their instances are. */
async function instanceBackups(call: Call, moto: Backend): Promise<Answer> {
  const passed = await moto.pass();
  const account = await moto.account();
  const listed = await moto.query('rds', { Action: 'DescribeDBInstances', Version: call.params.get('Version') ?? '' });
  const instances = await defaultDatabaseKey(call, {
    ...moto,
    pass: () => Promise.resolve({ ...passed, body: Buffer.from(listed) }),
  });
  const storage = new Map<string, string>();
  replaceBlocks(instances.body.toString(), 'DBInstance', (block) => {
    const encrypted = /<StorageEncrypted>true</.test(block);
    const key = textOf(block, 'KmsKeyId');
    const written = `<Encrypted>${String(encrypted)}</Encrypted>${key === '' ? '' : `<KmsKeyId>${key}</KmsKeyId>`}`;
    storage.set(textOf(block, 'DBInstanceIdentifier'), written);
    return block;
  });
  return edit(passed, (xml) =>
    xml.replace(/<DBInstanceIdentifier>([^<]+)<\/DBInstanceIdentifier>/g, (written, id: string) => {
      const arn = `arn:aws:rds:${call.region}:${account}`;
      const names = `<DBInstanceArn>${arn}:db:${id}</DBInstanceArn><DBInstanceAutomatedBackupsArn>${arn}:auto-backup:ab-${id}</DBInstanceAutomatedBackupsArn>`;
      return `${written}${names}${storage.get(id) ?? ''}`;
    }),
  );
}

/** Tasks start when they are asked for, and every one here was asked for today. */
async function exportTasks(_call: Call, moto: Backend): Promise<Answer> {
  const passed = await moto.pass();
  const started = `<TaskStartTime>${new Date().toISOString()}</TaskStartTime>`;
  return edit(passed, (xml) => xml.replaceAll('</ExportTaskIdentifier>', `</ExportTaskIdentifier>${started}`));
}

function rdsList(member: string): Promise<Answer> {
  const operation = `Describe${member}`;
  const body = `<${operation}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${operation}Result><${member}/></${operation}Result><ResponseMetadata><RequestId>mended</RequestId></ResponseMetadata></${operation}Response>`;
  return Promise.resolve({ status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) });
}

async function rememberCopy(call: Call, moto: Backend, { copies }: Memory): Promise<Answer> {
  const passed = await moto.pass();
  const [arn] = textsOf(passed.body.toString(), 'DBSnapshotArn', 'DBClusterSnapshotArn');
  const source = call.params.get('SourceDBSnapshotIdentifier') ?? call.params.get('SourceDBClusterSnapshotIdentifier');
  if (arn !== undefined && source !== null) copies.set(arn, source);
  return passed;
}

/** Each bucket with its region. */
async function bucketRegions(_call: Call, moto: Backend): Promise<Answer> {
  const passed = await moto.pass();
  const names = textsOf(passed.body.toString(), 'Name');
  const regions = new Map(await Promise.all(names.map(async (name) => [name, await moto.bucketRegion(name)] as const)));
  return edit(passed, (xml) =>
    replaceBlocks(xml, 'Bucket', (bucket) =>
      bucket.replace('</Bucket>', `<BucketRegion>${regions.get(textOf(bucket, 'Name')) ?? ''}</BucketRegion></Bucket>`),
    ),
  );
}

const sseS3 =
  '<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>';

/** A bucket without a rule has SSE-S3 since January 2023; blocked types are told back. */
async function bucketEncryption(call: Call, moto: Backend, { blockedTypes }: Memory): Promise<Answer> {
  const passed = await moto.pass();
  const text = passed.body.toString();
  if (text.includes('ServerSideEncryptionConfigurationNotFoundError'))
    return { status: 200, headers: passed.headers, body: Buffer.from(sseS3) };
  const blocked = blockedTypes.get(call.bucket);
  return blocked === undefined ? passed : edit(passed, () => text.replace('</Rule>', `${blocked}</Rule>`));
}

async function rememberBlockedTypes(call: Call, moto: Backend, { blockedTypes }: Memory): Promise<Answer> {
  const [blocked] = /<BlockedEncryptionTypes>.*<\/BlockedEncryptionTypes>/s.exec(call.body.toString()) ?? [];
  if (blocked === undefined) blockedTypes.delete(call.bucket);
  else blockedTypes.set(call.bucket, blocked);
  return moto.pass();
}

async function placeOf(call: Call, moto: Backend): Promise<string> {
  return `${await moto.account()}/${call.region}`;
}

function ec2Answer(operation: string, element: string, value: string): Answer {
  const body = `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>mended</requestId><${element}>${value}</${element}></${operation}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
}

function edit(answer: Answer, change: (text: string) => string): Answer {
  return { ...answer, body: Buffer.from(change(answer.body.toString())) };
}

/** Elements that hold none of their own name. */
function replaceBlocks(xml: string, element: string, change: (block: string) => string): string {
  return xml.replace(new RegExp(`<${element}>.*?</${element}>`, 'gs'), change);
}

function textsOf(xml: string, ...elements: readonly string[]): string[] {
  return [...xml.matchAll(new RegExp(`<(${elements.join('|')})>([^<]*)</\\1>`, 'g'))].map((match) => match[2] ?? '');
}

function textOf(xml: string, element: string): string {
  return textsOf(xml, element)[0] ?? '';
}
