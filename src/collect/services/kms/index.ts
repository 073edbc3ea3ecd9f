import type { GrantConstraints, GrantListEntry, KeyMetadata as SdkKeyMetadata } from '@aws-sdk/client-kms';
import { aliasArn } from '#model/key-reference.js';
import { compareText } from '#model/place.js';
import type { KeyGrant, KeyMetadata } from '#model/resources/index.js';
import { AbsentField, forService, type ServiceSpec } from '../../service.js';
import type * as Kms from './sdk.js';

const { source, fromSource, call, pagedCall, kind } = forService<typeof Kms>();

const keys = source({
  name: 'keys',
  operation: 'kms:ListKeys',
  action: 'kms:ListKeys',
  pageSize: 1000,
  request: (kms, sdk, Marker, http) => kms.send(new sdk.ListKeysCommand({ Limit: 1000, Marker }), http),
  items: (output) => output.Keys,
  next: (output) => output.NextMarker,
});

/** One chain names the aliases of every key; there is no need to ask key by key. */
const aliases = source({
  name: 'aliases',
  operation: 'kms:ListAliases',
  action: 'kms:ListAliases',
  pageSize: 100,
  request: (kms, sdk, Marker, http) => kms.send(new sdk.ListAliasesCommand({ Limit: 100, Marker }), http),
  items: (output) => output.Aliases,
  next: (output) => output.NextMarker,
});

const customerManaged = (metadata: KeyMetadata) =>
  metadata.manager === 'CUSTOMER' || 'AWS manages this key, its policy and its rotation';

/** Also asked of keys elsewhere, by their ARN. DescribeKey by a predefined `alias/aws/…` would create the AWS managed key. */
export const describeKey = call<'kms.key', KeyMetadata, { KeyMetadata?: SdkKeyMetadata | undefined }>({
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  looksAt: ['aliases'],
  settle: ({ own }) => {
    const names = own('aliases');
    const awsManaged = names.known ? names.value.find((name) => name.startsWith('alias/aws/')) : undefined;
    return awsManaged === undefined ? 'ask' : { skip: `AWS managed key ${awsManaged}` };
  },
  request: (kms, sdk, { id }, http) => kms.send(new sdk.DescribeKeyCommand({ KeyId: id }), http),
  project: (output) => projectMetadata(output.KeyMetadata),
  gone: ['NotFoundException'],
});

const key = kind<'kms.key', { KeyId?: string | undefined; KeyArn?: string | undefined }>({
  kind: 'kms.key',
  sources: [keys],
  identify: ({ KeyId, KeyArn }, { region }) =>
    KeyId === undefined || KeyArn === undefined ? undefined : { arn: KeyArn, name: KeyId, id: KeyId, region },
  named: (own) => {
    const aliases = own('aliases');
    return aliases.known ? aliases.value[0] : undefined;
  },
  facets: {
    aliases: fromSource(aliases, (items) => {
      const byKey = new Map<string, string[]>();
      for (const { AliasName, TargetKeyId } of items) {
        if (AliasName === undefined || TargetKeyId === undefined) continue;
        const names = byKey.get(TargetKeyId);
        if (names === undefined) byKey.set(TargetKeyId, [AliasName]);
        else names.push(AliasName);
      }
      return ({ id }) => byKey.get(id)?.sort() ?? [];
    }),
    metadata: describeKey,
    rotation: call({
      operation: 'kms:GetKeyRotationStatus',
      action: 'kms:GetKeyRotationStatus',
      after: ['metadata'],
      settle: ({ own }) => {
        const metadata = own('metadata');
        if (!metadata.known) return undefined;
        const manager = customerManaged(metadata.value);
        if (manager !== true) return { skip: manager };
        const { state, spec, origin } = metadata.value;
        if (state !== 'Enabled') return { skip: `a key in state ${state} is not rotated` };
        if (spec !== 'SYMMETRIC_DEFAULT') return { skip: `a key of spec ${spec ?? 'unknown'} cannot rotate by itself` };
        return origin === 'AWS_KMS'
          ? undefined
          : { skip: `key material of origin ${origin ?? 'unknown'} cannot rotate by itself` };
      },
      request: (kms, sdk, { id }, http) => kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId: id }), http),
      project: (output) =>
        output.KeyRotationEnabled === undefined
          ? new AbsentField('KeyRotationEnabled')
          : {
              enabled: output.KeyRotationEnabled,
              periodDays: output.RotationPeriodInDays ?? null,
              nextAt: output.NextRotationDate?.toISOString() ?? null,
              onDemandStartedAt: output.OnDemandRotationStartDate?.toISOString() ?? null,
            },
      absent: ['UnsupportedOperationException'],
    }),
    policy: call({
      operation: 'kms:GetKeyPolicy',
      action: 'kms:GetKeyPolicy',
      after: ['metadata'],
      settle: ({ own }) => {
        const metadata = own('metadata');
        if (!metadata.known) return undefined;
        const manager = customerManaged(metadata.value);
        return manager === true ? undefined : { skip: manager };
      },
      request: (kms, sdk, { id }, http) => kms.send(new sdk.GetKeyPolicyCommand({ KeyId: id, PolicyName: 'default' }), http),
      project: (output) => output.Policy ?? new AbsentField('Policy'),
    }),
    grants: pagedCall({
      operation: 'kms:ListGrants',
      action: 'kms:ListGrants',
      after: ['metadata'],
      settle: ({ own }) => {
        const metadata = own('metadata');
        if (!metadata.known) return undefined;
        const manager = customerManaged(metadata.value);
        return manager === true ? undefined : { skip: manager };
      },
      pageSize: 100,
      request: (kms, sdk, { id }, http, Marker) => kms.send(new sdk.ListGrantsCommand({ KeyId: id, Limit: 100, Marker }), http),
      items: (output) => output.Grants,
      next: (output) => output.NextMarker,
      project: (grants) => grants.map(projectGrant).sort((a, b) => compareText(a.id, b.id)),
    }),
  },
});

const alias = kind<
  'kms.alias',
  {
    AliasName?: string | undefined;
    AliasArn?: string | undefined;
    TargetKeyId?: string | undefined;
    LastUpdatedDate?: Date | undefined;
  }
>({
  kind: 'kms.alias',
  sources: [aliases],
  identify: ({ AliasName, AliasArn }, place) =>
    AliasName === undefined
      ? undefined
      : { arn: AliasArn ?? aliasArn(place, AliasName), name: AliasName, id: AliasName, region: place.region },
  facets: {
    details: {
      by: 'list',
      project: ({ TargetKeyId, LastUpdatedDate }) => ({
        target: TargetKeyId ?? null,
        updatedAt: LastUpdatedDate?.toISOString() ?? null,
      }),
    },
  },
});

function projectGrant(grant: GrantListEntry): KeyGrant {
  return {
    id: grant.GrantId ?? '',
    operations: grant.Operations ?? [],
    granteePrincipal: grant.GranteePrincipal ?? null,
    granteeServicePrincipal: grant.GranteeServicePrincipal ?? null,
    retiringPrincipal: grant.RetiringPrincipal ?? null,
    retiringServicePrincipal: grant.RetiringServicePrincipal ?? null,
    issuingAccount: grant.IssuingAccount ?? null,
    createdAt: grant.CreationDate?.toISOString() ?? null,
    constraints: constraintNames(grant.Constraints),
  };
}

/** An empty encryption context constrains nothing. What is in one is nobody's business here. */
function constraintNames(constraints: GrantConstraints = {}): readonly string[] {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset, SourceArn } = constraints;
  const some = (context: Record<string, string> | undefined) => Object.keys(context ?? {}).length > 0;
  return [
    ...(some(equals) ? ['EncryptionContextEquals'] : []),
    ...(some(subset) ? ['EncryptionContextSubset'] : []),
    ...(SourceArn === undefined || SourceArn === '' ? [] : ['SourceArn']),
  ];
}

/** DescribeKey's answer, projected; a lesser field that AWS leaves out is null. */
function projectMetadata(metadata: SdkKeyMetadata | undefined): KeyMetadata | AbsentField {
  if (metadata?.KeyManager === undefined) return new AbsentField('KeyManager');
  if (metadata.KeyState === undefined) return new AbsentField('KeyState');
  const multiRegion = metadata.MultiRegionConfiguration;
  return {
    keyId: metadata.KeyId ?? '',
    manager: metadata.KeyManager,
    state: metadata.KeyState,
    spec: metadata.KeySpec ?? null,
    usage: metadata.KeyUsage ?? null,
    origin: metadata.Origin ?? null,
    createdAt: metadata.CreationDate?.toISOString() ?? null,
    deletionAt: metadata.DeletionDate?.toISOString() ?? null,
    pendingDeletionWindowDays: metadata.PendingDeletionWindowInDays ?? null,
    description: metadata.Description ?? '',
    multiRegion:
      multiRegion === undefined
        ? null
        : {
            role: multiRegion.MultiRegionKeyType ?? null,
            primaryArn: multiRegion.PrimaryKey?.Arn ?? null,
            primaryRegion: multiRegion.PrimaryKey?.Region ?? null,
            replicas: (multiRegion.ReplicaKeys ?? []).map(({ Arn, Region }) => ({ arn: Arn ?? '', region: Region ?? '' })),
          },
  };
}

export const kms: ServiceSpec<typeof Kms> = {
  service: 'kms',
  scope: 'region',
  sdk: () => import('./sdk.js'),
  kinds: [key, alias],
};
