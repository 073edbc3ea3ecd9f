import { parseArn } from '#model/arn.js';

const hosts: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Where the AWS console shows a resource; undefined where its address is not certain. */
export function consoleLink(resource: string, kind: string, region: string): string | undefined {
  const arn = parseArn(resource);
  const host = arn === undefined ? undefined : hosts[arn.partition];
  // A name from outside goes into an address only if it is as AWS makes them.
  const name = /(?:^|[:/])([A-Za-z0-9._-]+)$/.exec(arn?.resource ?? '')?.[1];
  // A pseudonym leads nowhere.
  if (host === undefined || name === undefined || /^redacted-\d+$/.test(name) || !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region))
    return undefined;
  const path = pathOf(kind, name, region);
  return path === undefined ? undefined : `https://${region}.${host}/${path}`;
}

function pathOf(kind: string, name: string, region: string): string | undefined {
  const ec2 = `ec2/home?region=${region}`;
  const rds = `rds/home?region=${region}`;
  switch (kind) {
    case 's3.bucket':
      return `s3/buckets/${name}?region=${region}`;
    case 'kms.key':
      return `kms/home?region=${region}#/kms/keys/${name}`;
    case 'ebs.volume':
      return `${ec2}#VolumeDetails:volumeId=${name}`;
    case 'ebs.snapshot':
      return `${ec2}#SnapshotDetails:snapshotId=${name}`;
    case 'ec2.image':
      return `${ec2}#ImageDetails:imageId=${name}`;
    case 'ec2.launch-template':
      return `${ec2}#LaunchTemplateDetails:launchTemplateId=${name}`;
    case 'rds.instance':
      return `${rds}#database:id=${name};is-cluster=false`;
    case 'rds.cluster':
      return `${rds}#database:id=${name};is-cluster=true`;
    default:
      return undefined;
  }
}
