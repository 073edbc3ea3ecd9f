import type {
  CustomKeyStoresListEntry,
  GetKeyLastUsageResponse,
  GetKeyRotationStatusResponse,
  KeyMetadata as SdkKeyMetadata,
} from '@aws-sdk/client-kms';
import { aliasArn, customKeyStoreArn } from '#model/key-reference.js';
import { compareText } from '#model/place.js';
import type { KeyGrant, KeyLastUsage, KeyMaterial, KeyMetadata, KeyRotation, Tags } from '#model/resources/index.js';
import { AbsentField, forService, type Known, type ServiceSpec } from '../../service.js';
import { tagsOf } from '../../tags.js';
import { projectGrant, projectMaterial, projectMetadata } from './project.js';
import type * as Kms from './sdk.js';

const { source, fromSource, call, pagedCall, kind } = forService<typeof Kms>();

const keys = source({
  name: 'keys',
  operation: 'kms:ListKeys',
  action: 'kms:ListKeys',
  pageSize: 1000,
  request: (kms, sdk, Marker) => kms.send(new sdk.ListKeysCommand({ Limit: 1000, Marker })),
  items: (output) => output.Keys,
  next: (output) => output.NextMarker,
});

/** One chain names the aliases of every key; there is no need to ask key by key. */
const aliases = source({
  name: 'aliases',
  operation: 'kms:ListAliases',
  action: 'kms:ListAliases',
  pageSize: 100,
  request: (kms, sdk, Marker) => kms.send(new sdk.ListAliasesCommand({ Limit: 100, Marker })),
  items: (output) => output.Aliases,
  next: (output) => output.NextMarker,
});

const customKeyStores = source({
  name: 'custom key stores',
  operation: 'kms:DescribeCustomKeyStores',
  action: 'kms:DescribeCustomKeyStores',
  pageSize: 1000,
  request: (kms, sdk, Marker) => kms.send(new sdk.DescribeCustomKeyStoresCommand({ Limit: 1000, Marker })),
  items: (output) => output.CustomKeyStores,
  next: (output) => output.NextMarker,
});

/** For what rules ask of customer managed keys alone; `why` says what else keeps one of them from having it. */
function ofCustomerKeys(why: (metadata: KeyMetadata) => string | undefined = () => undefined) {
  return ({ own }: Known<'kms.key'>): { readonly skip: string } | undefined => {
    const metadata = own('metadata');
    if (!metadata.known) return undefined;
    const skip =
      metadata.value.manager === 'CUSTOMER' ? why(metadata.value) : 'AWS manages this key, its policy and its rotation';
    return skip === undefined ? undefined : { skip };
  };
}

const passing: ReadonlySet<string> = new Set(['Creating', 'PendingDeletion', 'PendingReplicaDeletion']);

/** AWS's own keys are known by their aliases; what is asked of them is nobody's to change. */
function whoseKey({ own }: Known<'kms.key'>): { readonly skip: string } | 'ask' {
  const names = own('aliases');
  const awsManaged = names.known ? names.value.find((name) => name.startsWith('alias/aws/')) : undefined;
  return awsManaged === undefined ? 'ask' : { skip: `AWS managed key ${awsManaged}` };
}

/** Also asked of keys elsewhere, by their ARN. DescribeKey by a predefined `alias/aws/…` would create the AWS managed key. */
const describeKey = call<'kms.key', KeyMetadata, { KeyMetadata?: SdkKeyMetadata | undefined }>({
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  looksAt: ['aliases'],
  settle: whoseKey,
  request: (kms, sdk, { id }) => kms.send(new sdk.DescribeKeyCommand({ KeyId: id })),
  project: (output) => projectMetadata(output.KeyMetadata),
  gone: ['NotFoundException'],
});

/** AWS allows five a second. */
const keyLastUsage = call<'kms.key', KeyLastUsage, GetKeyLastUsageResponse>({
  operation: 'kms:GetKeyLastUsage',
  action: 'kms:GetKeyLastUsage',
  followUp: true,
  after: ['metadata'],
  request: (kms, sdk, { id }) => kms.send(new sdk.GetKeyLastUsageCommand({ KeyId: id })),
  project: ({ KeyLastUsage, TrackingStartDate }) =>
    KeyLastUsage?.Timestamp === undefined && TrackingStartDate === undefined
      ? new AbsentField('TrackingStartDate')
      : {
          usedAt: KeyLastUsage?.Timestamp?.toISOString() ?? null,
          operation: KeyLastUsage?.Operation ?? null,
          trackedSince: TrackingStartDate?.toISOString() ?? null,
        },
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
    rotation: call<'kms.key', KeyRotation | null, GetKeyRotationStatusResponse>({
      operation: 'kms:GetKeyRotationStatus',
      action: 'kms:GetKeyRotationStatus',
      after: ['metadata'],
      settle: ofCustomerKeys(({ state, spec, origin }) => {
        if (state !== 'Enabled') return `a key in state ${state} is not rotated`;
        if (spec !== null && spec !== 'SYMMETRIC_DEFAULT') return `a key of spec ${spec} cannot rotate by itself`;
        // Imported material is rotated on demand.
        return origin === null || origin === 'AWS_KMS' || origin === 'EXTERNAL'
          ? undefined
          : `key material of origin ${origin} cannot rotate by itself`;
      }),
      request: (kms, sdk, { id }) => kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId: id })),
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
      settle: ofCustomerKeys(),
      request: (kms, sdk, { id }) => kms.send(new sdk.GetKeyPolicyCommand({ KeyId: id, PolicyName: 'default' })),
      project: (output) => output.Policy ?? new AbsentField('Policy'),
    }),
    grants: pagedCall({
      operation: 'kms:ListGrants',
      action: 'kms:ListGrants',
      after: ['metadata'],
      settle: ofCustomerKeys(),
      pageSize: 100,
      request: (kms, sdk, { id }, Marker) => kms.send(new sdk.ListGrantsCommand({ KeyId: id, Limit: 100, Marker })),
      items: (output) => output.Grants,
      next: (output) => output.NextMarker,
      project: (grants): readonly KeyGrant[] => grants.map(projectGrant).sort((a, b) => compareText(a.id, b.id)),
      count: (grants) => grants.length,
    }),
    rotations: pagedCall({
      operation: 'kms:ListKeyRotations',
      action: 'kms:ListKeyRotations',
      after: ['metadata'],
      settle: ofCustomerKeys(({ state, spec, origin }) => {
        // KMS may refuse to list the material of a key that is not whole yet, or about to go: no rule judges it there.
        if (passing.has(state)) return `the key is in state ${state}`;
        if (spec !== null && spec !== 'SYMMETRIC_DEFAULT') return `a key of spec ${spec} keeps its key material`;
        return origin === null || origin === 'AWS_KMS' || origin === 'EXTERNAL'
          ? undefined
          : `key material of origin ${origin} is not kept by KMS`;
      }),
      pageSize: 1000,
      request: (kms, sdk, { id }, Marker) =>
        kms.send(new sdk.ListKeyRotationsCommand({ KeyId: id, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Limit: 1000, Marker })),
      items: (output) => output.Rotations,
      next: (output) => output.NextMarker,
      project: (rotations): readonly KeyMaterial[] | null => rotations.map(projectMaterial),
      count: (materials) => materials.length,
      absent: ['UnsupportedOperationException'],
    }),
    tags: pagedCall({
      operation: 'kms:ListResourceTags',
      action: 'kms:ListResourceTags',
      looksAt: ['aliases'],
      settle: whoseKey,
      pageSize: 50,
      request: (kms, sdk, { id }, Marker) => kms.send(new sdk.ListResourceTagsCommand({ KeyId: id, Limit: 50, Marker })),
      items: (output) => output.Tags,
      next: (output) => output.NextMarker,
      project: (tags): Tags => tagsOf(tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }))),
      count: (tags) => Object.keys(tags).length,
      gone: ['NotFoundException'],
    }),
    lastUsage: keyLastUsage,
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

const customKeyStore = kind<'kms.custom-key-store', CustomKeyStoresListEntry>({
  kind: 'kms.custom-key-store',
  sources: [customKeyStores],
  identify: ({ CustomKeyStoreId, CustomKeyStoreName }, place) =>
    CustomKeyStoreId === undefined
      ? undefined
      : {
          arn: customKeyStoreArn(place, CustomKeyStoreId),
          name: CustomKeyStoreName ?? CustomKeyStoreId,
          id: CustomKeyStoreId,
          region: place.region,
        },
  facets: {
    details: {
      by: 'list',
      project: ({ ConnectionState, ConnectionErrorCode, CustomKeyStoreType }) => ({
        state: ConnectionState ?? null,
        errorCode: ConnectionErrorCode ?? null,
        type: CustomKeyStoreType ?? null,
      }),
    },
  },
});

export const kms: ServiceSpec<typeof Kms> = {
  service: 'kms',
  sdk: () => import('./sdk.js'),
  kinds: [key, alias, customKeyStore],
};
