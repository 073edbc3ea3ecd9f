import { Connection } from '#aws/connection.js';
import * as ec2 from '#collect/services/ec2/sdk.js';
import * as kms from '#collect/services/kms/sdk.js';
import * as s3 from '#collect/services/s3/sdk.js';
import type { SdkCosts } from '#plan/bound.js';
import type { EstateProcess } from './estate-process.js';

const inFlight = 32;

/**
 * CPU milliseconds of the bare SDK: its clients as they come over our sockets, and nothing of the crawler around them,
 * after as many calls to warm up.
 */
export async function sdkCosts(account: string, region: string, { url, credentials }: EstateProcess): Promise<SdkCosts> {
  const connection = await Connection.open();
  const provider = () => Promise.resolve(credentials);
  Object.assign(process.env, { AWS_ENDPOINT_URL: url });
  const { requestHandler } = connection;
  const config = { region, credentials: provider, requestHandler, maxAttempts: 1, forcePathStyle: true };
  const ofKms = new kms.Client(config);
  const ofEc2 = new ec2.Client(config);
  const ofS3 = new s3.Client(config);
  try {
    const { Keys = [] } = await ofKms.send(new kms.ListKeysCommand({}));
    const KeyId = Keys[0]?.KeyArn ?? '';
    const Bucket = `gen-${account}-${region}-0000001`;
    const page = () => ofEc2.send(new ec2.DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: 1000 }));
    const { Snapshots = [] } = await page();
    const SnapshotId = Snapshots[0]?.SnapshotId ?? '';
    const query = await cpuOf(250, () =>
      ofEc2.send(new ec2.DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' })),
    );
    return {
      json: await cpuOf(250, () => ofKms.send(new kms.DescribeKeyCommand({ KeyId }))),
      restXml: await cpuOf(250, () => ofS3.send(new s3.GetBucketEncryptionCommand({ Bucket }))),
      query,
      item: Math.max(0, (await cpuOf(6, page)) - query) / Snapshots.length,
    };
  } finally {
    connection.close();
  }
}

/** CPU milliseconds of one call, over `count` calls. */
async function cpuOf(count: number, call: () => Promise<unknown>): Promise<number> {
  await many(count, call);
  const before = process.cpuUsage();
  await many(count, call);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

async function many(count: number, call: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, lane));
}
