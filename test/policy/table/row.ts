/** A row of the table of key policies, and what its rows are written with. */
import type { Grant } from '#policy/grants.js';
import { allow, KEY_ARN, OTHER, OWN, when, type Part } from '../support.js';

/** What a row may ask; each answer given is compared, no other. */
export interface Answers {
  /** How bad it is that everyone gets in. */
  readonly public?: 'critical' | 'medium' | null;
  /** Parties that are not trusted: `ID`, with ` reads` where they only do, `?` where it is not known. */
  readonly parties?: readonly string[];
  /** Services that may be used by anybody. */
  readonly deputies?: readonly string[];
  /** Principals that both administer and use the key. */
  readonly duties?: readonly string[];
  /** Whether IAM alone decides. */
  readonly delegated?: boolean;
  /** Who may change the key policy. */
  readonly holders?: readonly string[];
  /** Deleted users and roles. */
  readonly orphans?: readonly string[];
  /** Who may create any grant. */
  readonly creators?: readonly string[];
  /** Accounts that grants bring in, `ACCOUNT as WHAT`. */
  readonly granted?: readonly string[];
  /** Grants that can be passed on. */
  readonly redelegable?: readonly string[];
  /** Whether the visitor gets in. */
  readonly admitted?: 'yes' | 'conditional' | 'no';
}

type TableGrant = Grant & { readonly constraints: readonly string[] };

export interface Row {
  readonly name: string;
  readonly from?: string;
  readonly policy: readonly Part[];
  readonly grants?: readonly TableGrant[];
  readonly exempt?: readonly string[];
  /** Who asks for what; by default another account that wants to decrypt through EC2. */
  readonly visit?: { readonly actions?: readonly string[]; readonly via?: string | null; readonly organisation?: string };
  readonly answers: Answers;
}

export const ORG = 'o-a1b2c3d4e5';
export const FOREIGN_ORG = 'o-foreign999';
export const UNREAD_ORG = 'o-unread0000';
export const THIRD = '888888888888';
export const ROLE = `arn:aws:iam::${OWN}:role/app`;
export const ADMIN = `arn:aws:iam::${OWN}:role/admin`;
export const OTHER_ROLE = `arn:aws:iam::${OTHER}:role/app`;
export const GONE_ROLE = 'AROAEXAMPLEROLEID1234';
export const GONE_USER = 'AIDAEXAMPLEUSERID1234';
export const ELSEWHERE = KEY_ARN.replace('11111111-', '99999999-');

export const root = allow({
  Sid: 'Enable IAM User Permissions',
  Principal: { AWS: `arn:aws:iam::${OWN}:root` },
  Action: 'kms:*',
});
export const to = (AWS: string | readonly string[], ...parts: readonly Part[]): Part => allow({ Principal: { AWS } }, ...parts);
export const service = (name: string | readonly string[], ...parts: readonly Part[]): Part =>
  allow({ Principal: { Service: name } }, ...parts);
export const equals = (key: string, values: string | readonly string[]): Part => when('StringEquals', key, values);
export const like = (key: string, values: string | readonly string[]): Part => when('StringLike', key, values);
export const outside = (key: string, values: string | readonly string[]): Part => when('StringNotEquals', key, values);
export const act = (...Action: readonly string[]): Part => ({ Action });
export const butFor = (AWS: string | readonly string[], Effect: 'Allow' | 'Deny', ...parts: readonly Part[]): Part =>
  Object.assign({ Effect, NotPrincipal: { AWS }, Action: 'kms:*', Resource: '*' }, ...parts) as Part;
export const grant = (parts: Partial<TableGrant>): TableGrant => ({
  id: 'g',
  operations: ['Decrypt'],
  constraints: [],
  ...parts,
});
export const viaS3 = equals('kms:ViaService', 's3.eu-west-1.amazonaws.com');
export const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
export const ADMINISTER = [
  'kms:Create*',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
];
export const forResources = when('Bool', 'kms:GrantIsForAWSResource', true);
