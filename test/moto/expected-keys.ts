import { DE, EU, US, WEST, A, B } from './cloud.js';

/** Verdicts of the rules on whose key it is, and on what becomes of keys; expected.ts has the others. */
type Verdict = 'pass' | 'fail' | 'unknown' | 'not-applicable';
type Verdicts = Readonly<Record<string, Verdict>>;

const columns = [
  'kms/disabled-with-dependants',
  'kms/imported-material-expiring',
  'kms/imported-material-missing',
  'kms/last-rotation',
  'kms/mrk-consistent',
  'kms/mrk-primary-reachable',
  'kms/mrk-regions-approved',
  'kms/rotation-period',
  'kms/rotation-stuck',
  'kms/tagged',
];

const row = (name: string, told: Partial<Record<string, Verdict>>): Verdicts =>
  Object.fromEntries(columns.map((rule) => [`${name} ${rule}`, told[rule] ?? 'not-applicable']));

const rows = (names: readonly string[], told: Partial<Record<string, Verdict>>): Verdicts =>
  Object.assign({}, ...names.map((name) => row(name, told))) as Verdicts;

/** moto leaves out RotationPeriodInDays: unknown, as a field that AWS left out. */
const rotating = { 'kms/last-rotation': 'pass', 'kms/rotation-period': 'unknown' } as const;

/** moto lists these for every region, whether or not there is a key behind them. */
const awsAliases = [
  'acm',
  'dynamodb',
  'ebs',
  'elasticfilesystem',
  'es',
  'glue',
  'kinesisvideo',
  'lambda',
  'rds',
  'redshift',
  's3',
  'secretsmanager',
  'ssm',
  'xray',
];

function aliasesOf(account: string, regions: readonly string[]): Verdicts {
  const arns = regions.flatMap((region) => awsAliases.map((service) => `arn:aws:kms:${region}:${account}:alias/aws/${service}`));
  return Object.fromEntries(arns.map((arn) => [`${arn} kms/alias-target-usable`, 'not-applicable']));
}

const awsManaged = [US, EU, DE].flatMap((region) => ['ebs', 'rds'].map((service) => `aws/${service} ${region}`));

export const keyStatesOfA: Verdicts = {
  ...rows(['app', 'public', 'public-to-read', 'bound-to-caller', 'app-eu', 'primary'], rotating),
  ...rows(['still', 'lent-to-b', 'one-role', 'for-any-topic', 'locked', 'granted', 'granted-to-b'], {
    'kms/last-rotation': 'pass',
  }),
  ...rows(['rsa', 'hmac', 'ecc', 'deleting-used', 'deleting-unused', ...awsManaged], {}),
  ...row('imported', {
    'kms/imported-material-expiring': 'pass',
    'kms/imported-material-missing': 'pass',
    'kms/last-rotation': 'pass',
  }),
  ...rows(['disabled', 'disabled-eu', 'disabled-de'], { 'kms/disabled-with-dependants': 'fail' }),
  ...row('replica', { 'kms/mrk-consistent': 'pass', 'kms/mrk-primary-reachable': 'pass' }),
  ...aliasesOf(A, [US, EU, DE]),
  [`arn:aws:kms:${US}:${A}:alias/app/data kms/alias-target-usable`]: 'pass',
  [`arn:aws:kms:${EU}:${A}:alias/app/data kms/alias-target-usable`]: 'pass',
};

export const keyStatesInWest: Verdicts = { ...row('west', rotating), ...aliasesOf(A, [WEST]) };

export const keyStatesOfB: Verdicts = {
  ...row('b-shared', rotating),
  ...row('b-still', { 'kms/last-rotation': 'pass' }),
  ...row(`b-aws/rds ${US}`, {}),
  ...aliasesOf(B, [US, EU, DE]),
};

/**
 * Whose key it is follows from the reference, wherever there is one. No keys are approved and no tags compared: these
 * rules wait for their options, and EBS defaults have no tags.
 */
export function keyOwners(verdicts: Verdicts): Verdicts {
  const judged = Object.entries(verdicts).filter(([id]) => id.endsWith(' key/exists'));
  return Object.fromEntries(
    judged.flatMap(([id, exists]): [string, Verdict][] => {
      const name = id.slice(0, -' key/exists'.length);
      const owner = exists === 'fail' ? 'pass' : exists === 'unknown' && name.endsWith('-key-of-b') ? 'fail' : exists;
      const silent: [string, Verdict][] = [[`${name} key/approved`, 'not-applicable']];
      if (!name.startsWith('defaults of ')) silent.push([`${name} key/tag-match`, 'not-applicable']);
      return [[`${name} key/trusted-account`, owner], ...silent];
    }),
  );
}
