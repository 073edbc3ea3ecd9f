import type { KeyBearing } from './encryption.js';
import type { Kinds } from './resources/index.js';

type Tagged = { [K in KeyBearing]: 'tags' extends keyof Kinds[K] ? K : never }[KeyBearing];

const tagged: Readonly<Record<Tagged, true>> = {
  'ebs.snapshot': true,
  'ebs.volume': true,
  'ec2.launch-template': true,
  'rds.automated-backup': true,
  'rds.cluster': true,
  'rds.cluster-snapshot': true,
  'rds.instance': true,
  'rds.snapshot': true,
  's3.bucket': true,
};

/** Kinds that bear a key reference and can be tagged: EBS defaults cannot. */
export const taggedKinds = Object.keys(tagged) as Tagged[];
