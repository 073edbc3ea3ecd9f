/** Regions that AllRegions knows besides those an account has enabled. A region outside this list can be enabled too. */
export const alwaysOn = [
  'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2',
  'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1',
  'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2',
]; // prettier-ignore

const optIn = [
  'af-south-1', 'ap-east-1', 'ap-south-2', 'ap-southeast-3', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2',
  'il-central-1', 'me-central-1', 'me-south-1', 'mx-central-1',
]; // prettier-ignore

const commercial: readonly string[] = [...alwaysOn, ...optIn].sort();

/** Of other partitions, only what an account has enabled is known. */
export function catalogueOf({ partition }: { partition: string }): readonly string[] {
  return partition === 'aws' ? commercial : [];
}

export function needsOptIn(region: string): boolean {
  return !alwaysOn.includes(region);
}
