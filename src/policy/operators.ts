/**
 * One condition of a statement: operator, key, values.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

export interface Condition {
  /** The positive base name: StringNotLike is `StringLike` with `negated`. An unknown operator stays as it was written. */
  readonly operator: string;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: 'none' | 'forAny' | 'forAll';
  /** Lower-cased: condition keys have no letter case. */
  readonly key: string;
  /** One match is enough; for a negated operator none may match. */
  readonly values: readonly string[];
}

const POSITIVE = [
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'ArnEquals',
  'ArnLike',
  'IpAddress',
  'Bool',
  'Null',
  'BinaryEquals',
  'NumericEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
];

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

interface Operator {
  readonly name: string;
  readonly operator: string;
  readonly negated: boolean;
}

const ALL: readonly Operator[] = [
  ...POSITIVE.map((name) => ({ name, operator: name, negated: false })),
  ...Object.entries(NEGATED).map(([name, operator]) => ({ name, operator, negated: true })),
];

const OPERATORS: ReadonlyMap<string, Operator> = new Map(ALL.map((item) => [item.name.toLowerCase(), item]));

const NAMES: ReadonlyMap<string, string> = new Map(ALL.map(({ name, operator, negated }) => [`${operator}/${negated}`, name]));

const QUANTIFIERS = { 'foranyvalue:': 'forAny', 'forallvalues:': 'forAll' } as const;

/** Takes an operator such as `ForAnyValue:StringLikeIfExists` apart. */
export function parseCondition(operatorText: string, key: string, values: readonly string[]): Condition {
  let rest = operatorText.trim().toLowerCase();
  let quantifier: Condition['quantifier'] = 'none';
  for (const [prefix, meaning] of Object.entries(QUANTIFIERS)) {
    if (rest.startsWith(prefix)) {
      quantifier = meaning;
      rest = rest.slice(prefix.length);
    }
  }
  const ifExists = rest.endsWith('ifexists');
  if (ifExists) rest = rest.slice(0, -'ifexists'.length);
  const known = OPERATORS.get(rest);
  return {
    operator: known?.operator ?? operatorText,
    negated: known?.negated ?? false,
    ifExists,
    quantifier,
    key: key.trim().toLowerCase(),
    values,
  };
}

/** The usual spelling of the keys that findings quote; the policy's own spelling is not kept. */
const SPELLING: ReadonlyMap<string, string> = new Map(
  [
    'kms:CallerAccount',
    'kms:ViaService',
    'kms:GrantIsForAWSResource',
    'kms:GranteePrincipal',
    'kms:GrantOperations',
    'kms:GrantConstraintType',
    'kms:EncryptionContextKeys',
    'kms:KeyOrigin',
    'kms:RequestAlias',
    'kms:ResourceAliases',
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:PrincipalType',
    'aws:PrincipalIsAWSService',
    'aws:PrincipalServiceName',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:SourceIp',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:SourceVpcArn',
    'aws:VpcSourceIp',
    'aws:VpceAccount',
    'aws:VpceOrgID',
    'aws:VpceOrgPaths',
    'aws:SecureTransport',
    'aws:ViaAWSService',
    'aws:CalledVia',
    'aws:RequestedRegion',
  ].map((name) => [name.toLowerCase(), name]),
);

/** A condition in words, the same for every order of its values and every letter case of its key. */
export function describeCondition(condition: Condition): string {
  const quantifier = { none: '', forAny: 'ForAnyValue:', forAll: 'ForAllValues:' }[condition.quantifier];
  const base = NAMES.get(`${condition.operator}/${condition.negated}`);
  const operator = base === undefined ? condition.operator : quantifier + base + (condition.ifExists ? 'IfExists' : '');
  const key = SPELLING.get(condition.key) ?? condition.key;
  return `${operator} ${key} = ${[...condition.values].sort().join(', ')}`;
}
