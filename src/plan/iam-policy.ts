import { matchesGlob } from '#model/glob.js';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: '*' | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** A role for atrest: what it is called unless its user says otherwise, and what it may do. */
export interface RoleSpec {
  readonly name: string;
  readonly description: string;
  /** The external id that the config assumes it with; empty: none. */
  readonly externalId: string;
  readonly documents: readonly PolicyDocument[];
}

/**
 * The longest managed policy, whitespace apart, and how many of them a role takes unless its quota was raised.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const policyCharacters = 6144;
export const policiesPerRole = 10;

/** Actions that give out data, or the keys to it: the explicit Deny holds whatever else is attached to the role. */
const dataAccess = [
  'ebs:GetSnapshotBlock',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
  's3:GetObject',
  's3:GetObjectVersion',
  's3express:CreateSession',
  'secretsmanager:GetSecretValue',
  'ssm:GetParameter*',
];

/** Actions on objects: allowed in buckets of the role's own account only, so that no open bucket of others is read. */
const onObjects = new Set(['s3:GetObject', 's3:ListBucket']);
const ownAccount = { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } };
const ownOrganisation = { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } };

/** Of the actions those that are access to data, which the policy then cannot deny. */
export function dataActions(actions: readonly string[]): readonly string[] {
  return actions.filter((action) => dataAccess.some((pattern) => matchesGlob(pattern, action)));
}

/** What a role that audits an account may do: these actions, and explicitly no access to data beyond them. */
export function auditPolicy(actions: readonly string[]): readonly PolicyDocument[] {
  const sorted = [...new Set(actions)].sort();
  const services = [...new Set(sorted.map(serviceOf))];
  const denied = dataAccess.filter((pattern) => !sorted.some((action) => matchesGlob(pattern, action)));
  return documents([
    ...services.map((service) =>
      allow(
        pascal(service),
        sorted.filter((action) => serviceOf(action) === service && !onObjects.has(action)),
      ),
    ),
    {
      ...allow(
        'ObjectSample',
        sorted.filter((action) => onObjects.has(action)),
      ),
      Condition: ownAccount,
    },
    { Sid: 'NoDataAccess', Effect: 'Deny', Action: denied, Resource: '*' },
  ]);
}

/**
 * What the role may do from which the others are entered: list the organisation, and assume the roles that audit.
 * `roles`: their ARNs; `anyAccount`: they name no accounts, so that the organisation is what bounds them.
 */
export function listPolicy(
  actions: readonly string[],
  { roles, anyAccount }: { readonly roles: readonly string[]; readonly anyAccount: boolean },
): readonly PolicyDocument[] {
  const assume: Statement = { Sid: 'AuditRoles', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: roles };
  return documents([
    allow('Organizations', [...actions].sort()),
    anyAccount ? { ...assume, Condition: ownOrganisation } : assume,
  ]);
}

function allow(Sid: string, Action: readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource: '*' };
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

/** A Sid holds letters and digits alone. */
function pascal(service: string): string {
  return service
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

/** As few documents as hold the statements: one that does not fit goes on in the next. */
function documents(statements: readonly Statement[]): readonly PolicyDocument[] {
  const found: Statement[][] = [[]];
  for (const statement of statements.filter(({ Action }) => Action.length > 0)) {
    const list = statement.Resource === '*' ? 'Action' : 'Resource';
    let part: string[] = [];
    for (const item of statement[list]) {
      const before: Statement[] = found.at(-1)?.slice(0, part.length === 0 ? undefined : -1) ?? [];
      const longer = [...before, { ...statement, [list]: [...part, item] }];
      if (length(longer) <= policyCharacters) {
        found.splice(-1, 1, longer);
        part = [...part, item];
      } else {
        part = [item];
        found.push([{ ...statement, [list]: part }]);
      }
    }
  }
  return found.map(documentOf);
}

function documentOf(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function length(statements: readonly Statement[]): number {
  return JSON.stringify(documentOf(statements)).length;
}
