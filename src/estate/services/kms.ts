import { AwsError, fault } from '../errors.js';
import { required, text, whole, wire } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import { fromArray, concat, where } from '../paging.js';
import type { Pageable } from '../paging.js';
import { daysBefore, materialId } from '../world/key.js';
import { awsManagedPolicy } from '../world/policies.js';
import type { AliasRecord, KeyRecord } from '../world/records.js';
import { foreignKey, keyId, keyOf, ownKey } from './kms-keys.js';
import { getPublicKey, sign } from './kms-signing.js';

/** Fields of a key record that belong to KeyMetadata are exactly those that go over the wire. */
function onKey(run: (context: Context, key: KeyRecord) => Fields, find = ownKey): Operation {
  return {
    run: (context) => run(context, find(context, required(context, 'KeyId'))),
    resource: (context) => keyId(context),
    arn: (context) => keyOf(context)?.Arn,
  };
}

function list<T>(context: Context, name: string, source: Pageable<T>, limits: readonly [usual: number, most: number]): Fields {
  const limit = whole(context.params, 'Limit') ?? limits[0];
  if (limit < 1 || limit > limits[1]) {
    const bound = limit < 1 ? 'greater than or equal to 1' : `less than or equal to ${limits[1]}`;
    const text = `Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`;
    throw fault('kms', 'badParameter', `1 validation error detected: ${text}`);
  }
  const { items, next } = context.pager.take(source, limit);
  return { [name]: items, ...(next === undefined ? { Truncated: false } : { NextMarker: next, Truncated: true }) };
}

function listKeys(context: Context): Fields {
  const { world, caller, region } = context;
  const keys = world.shelf(caller.account, region, 'kms.key');
  const entries = { size: keys.size, at: (position: number) => entry(keys.at(position)) };
  return list(context, 'Keys', entries, [100, 1000]);
}

function entry(key: KeyRecord | undefined): Fields | undefined {
  return key && { KeyId: key.KeyId, KeyArn: key.Arn };
}

function listAliases(context: Context): Fields {
  const { world, caller, region, params } = context;
  const shelf = world.shelf(caller.account, region, 'kms.alias');
  const key = text(params, 'KeyId');
  if (key !== undefined) {
    const target = ownKey(context, key).KeyId;
    return list(
      context,
      'Aliases',
      where(shelf, (alias) => alias.TargetKeyId === target),
      [50, 100],
    );
  }
  const waiting = world
    .region(caller.account, region)
    .settings.predefinedAliases.map((service) => `alias/aws/${service}`)
    .filter((name) => shelf.find(name) === undefined)
    .map((AliasName): AliasRecord => ({ AliasName, AliasArn: `arn:aws:kms:${region}:${caller.account}:${AliasName}` }));
  return list(context, 'Aliases', concat([shelf, fromArray(waiting)]), [50, 100]);
}

/**
 * Describing a predefined alias that has no key yet makes KMS create the AWS managed key. The estate does so too: a
 * read-only tool that asks is seen by the key that appears.
 */
function describeKey(context: Context): Fields {
  const { world, caller, region } = context;
  const id = required(context, 'KeyId');
  const name = /^(?:arn:aws:kms:[^:]+:\d+:)?alias\/aws\/(.+)$/.exec(id)?.[1];
  const waiting = name !== undefined && world.find(caller.account, region, 'kms.alias', `alias/aws/${name}`) === undefined;
  if (waiting && world.region(caller.account, region).settings.predefinedAliases.includes(name)) {
    world.put(caller.account, region, 'kms.key', {
      KeyManager: 'AWS',
      Description: `Default key that protects my ${name} data when no other key is defined`,
      aliases: [`alias/aws/${name}`],
      policy: awsManagedPolicy(caller.account, region, name),
    });
  }
  return { KeyMetadata: wire(foreignKey(context, id)) };
}

function getKeyRotationStatus(_context: Context, key: KeyRecord): Fields {
  if (key.KeySpec !== 'SYMMETRIC_DEFAULT') throw unsupported(key, `key spec is ${key.KeySpec}`);
  if (key.Origin !== 'AWS_KMS' && key.Origin !== 'EXTERNAL') throw unsupported(key, `origin is ${key.Origin}`);
  const { enabled, periodInDays = 365, nextRotationDate, onDemandRotationStartDate } = key.rotation;
  const on = enabled && key.KeyState !== 'PendingDeletion' && key.Origin === 'AWS_KMS';
  return {
    KeyId: key.Arn,
    KeyRotationEnabled: on,
    ...(on && { RotationPeriodInDays: periodInDays, NextRotationDate: nextRotationDate ?? daysBefore(-100) }),
    ...(onDemandRotationStartDate && { OnDemandRotationStartDate: onDemandRotationStartDate }),
  };
}

function unsupported(key: KeyRecord, why: string): AwsError {
  return new AwsError('UnsupportedOperationException', 400, `${key.Arn} ${why} which is not valid for this operation.`);
}

function getKeyPolicy(context: Context, key: KeyRecord): Fields {
  const name = text(context.params, 'PolicyName') ?? 'default';
  if (name !== 'default') throw new AwsError('NotFoundException', 400, 'No such policy exists');
  return { Policy: key.policy, PolicyName: name };
}

/** All materials for ALL_KEY_MATERIAL; otherwise the rotations that took place. */
function listKeyRotations(context: Context, key: KeyRecord): Fields {
  if (key.KeySpec !== 'SYMMETRIC_DEFAULT') throw unsupported(key, `key spec is ${key.KeySpec}`);
  if (['Creating', 'PendingDeletion', 'PendingReplicaDeletion'].includes(key.KeyState))
    throw new AwsError('KMSInvalidStateException', 400, `${key.Arn} is ${key.KeyState}.`);
  const all = text(context.params, 'IncludeKeyMaterial') === 'ALL_KEY_MATERIAL';
  const first = {
    KeyId: key.KeyId,
    KeyMaterialId: key['CurrentKeyMaterialId'] ?? materialId(key.KeyId),
    KeyMaterialState: 'CURRENT',
    ...(key.Origin === 'EXTERNAL' && {
      ImportState: key.KeyState === 'PendingImport' ? 'PENDING_IMPORT' : 'IMPORTED',
      ExpirationModel: key['ExpirationModel'],
      ValidTo: key['ValidTo'],
    }),
  };
  const rotations = key.rotations.map((rotation) => ({ KeyId: key.KeyId, ...rotation }));
  const initial = all && !rotations.some((rotation) => 'KeyMaterialState' in rotation) ? [first] : [];
  return list(context, 'Rotations', fromArray([...initial, ...rotations]), [100, 1000]);
}

function listGrants(context: Context, key: KeyRecord): Fields {
  const grants = key.grants.map((grant) => ({ KeyId: key.Arn, IssuingAccount: arnOfRoot(key.AWSAccountId), ...grant }));
  return list(context, 'Grants', fromArray(grants), [50, 100]);
}

function arnOfRoot(account: string): string {
  return `arn:aws:iam::${account}:root`;
}

function describeCustomKeyStores(context: Context): Fields {
  const { world, caller, region, params } = context;
  const id = text(params, 'CustomKeyStoreId');
  const stores = world.shelf(caller.account, region, 'kms.custom-key-store');
  const wanted = where(stores, (store) => id === undefined || store.CustomKeyStoreId === id);
  return list(context, 'CustomKeyStores', wanted, [1000, 1000]);
}

/** Tracking began in spring 2026, or with the key: an older key without usage may have been used before. */
function getKeyLastUsage(_context: Context, key: KeyRecord): Fields {
  return {
    KeyId: key.Arn,
    KeyLastUsage: key.lastUsage ?? {},
    TrackingStartDate: new Date(Math.max(Date.UTC(2026, 3, 1), key.CreationDate.getTime())),
    KeyCreationDate: key.CreationDate,
  };
}

export const kms: Record<string, Operation> = {
  ListKeys: { run: listKeys },
  ListAliases: { run: listAliases },
  DescribeKey: {
    run: describeKey,
    resource: (context) => keyId(context),
    arn: (context) => keyOf(context)?.Arn,
  },
  GetKeyRotationStatus: onKey(getKeyRotationStatus, foreignKey),
  GetKeyPolicy: onKey(getKeyPolicy),
  ListResourceTags: onKey((context, key) => list(context, 'Tags', fromArray(key.tags), [50, 50])),
  ListGrants: onKey(listGrants, foreignKey),
  ListKeyRotations: onKey(listKeyRotations),
  DescribeCustomKeyStores: { run: describeCustomKeyStores },
  GetKeyLastUsage: onKey(getKeyLastUsage),
  GetPublicKey: onKey(getPublicKey, foreignKey),
  Sign: onKey(sign, foreignKey),
};
