import { completeKey, daysBefore } from '../world/key.js';
import { hashText, hex8, indexOfUuid, mix, scramble, unscramble, uuid } from '../world/hash.js';
import { awsManagedPolicy, carelessPolicy, lockedPolicy, publicPolicy, sharedPolicy } from '../world/policies.js';
import type { AliasRecord, KeyRecord } from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import { baseOf, FOREIGN_ACCOUNT, neighbour, percent } from './place.js';
import type { Place } from './place.js';

/** The first keys of a region are AWS's own, in this order. */
const managedServices = ['ebs', 'rds', 's3', 'secretsmanager'] as const;
type ManagedService = (typeof managedServices)[number];

/** A rotation as ListKeyRotations shows it. */
function rotated(days: number): Record<string, unknown> {
  return { RotationDate: daysBefore(days), RotationType: 'AUTOMATIC' };
}

const specials: readonly (readonly [below: number, fields: Partial<KeyRecord>])[] = [
  [58, { rotation: { enabled: true, periodInDays: 365, nextRotationDate: daysBefore(-90) }, rotations: [rotated(275)] }],
  [
    62,
    {
      rotation: { enabled: true, periodInDays: 730, nextRotationDate: daysBefore(-400) },
      rotations: [rotated(1060), rotated(330)],
    },
  ],
  [70, { rotation: { enabled: false } }],
  [75, { Origin: 'EXTERNAL', ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: daysBefore(-60) }],
  [80, { KeySpec: 'RSA_4096' }],
  [83, { KeySpec: 'ECC_NIST_P256' }],
  [86, { KeySpec: 'HMAC_256' }],
  [89, { KeyState: 'Disabled', rotation: { enabled: true, periodInDays: 365 } }],
  [93, { KeyState: 'PendingDeletion' }],
  [95, { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: 'cks-0123456789abcdef0' }],
  [97, { Origin: 'EXTERNAL', KeyState: 'PendingImport' }],
  [100, { rotation: { enabled: false } }],
];

export class Keys implements Generated<KeyRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #base: number;

  constructor(place: Place) {
    this.#place = place;
    this.#base = baseOf(place, 'kms.key');
    this.count = place.count('kms.key');
  }

  at(index: number): KeyRecord {
    const { account, region } = this.#place;
    const KeyId = this.idAt(index);
    const service = managedServices[index];
    if (service !== undefined) {
      return completeKey(account, region, {
        KeyId,
        KeyManager: 'AWS',
        Description: `Default key that protects my ${service} data when no other key is defined`,
        policy: awsManagedPolicy(account, region, service),
        aliases: [`alias/aws/${service}`],
      });
    }
    const aliases = hasAlias(index) ? [aliasName(index)] : [];
    const common = { KeyId, aliases, tags: [{ TagKey: 'team', TagValue: `team-${index % 7}` }] };
    const multiRegion = this.#multiRegion(index, KeyId);
    if (multiRegion) return completeKey(account, region, { ...common, ...multiRegion });
    return completeKey(account, region, { ...common, ...this.#special(index) });
  }

  indexOf(id: string): number | undefined {
    if (!id.startsWith('mrk-')) return indexOfUuid(this.#base, id);
    const index = unscramble(Number.parseInt(id.slice(-8), 16), mrkBase(this.#place.seed, this.#place.account));
    return [index, index + 1].find((i) => i < this.count && this.idAt(i) === id);
  }

  arnAt(index: number): string {
    return `arn:aws:kms:${this.#place.region}:${this.#place.account}:key/${this.idAt(index)}`;
  }

  idAt(index: number): string {
    if (index >= managedServices.length) {
      if (index % 40 === 7) return mrkId(this.#place, this.#place.region, index);
      const primary = this.#primaryRegion(index);
      if (primary !== undefined) return mrkId(this.#place, primary, index - 1);
    }
    return uuid(this.#base, index);
  }

  /** An AWS managed key; undefined where so few keys were asked for that it is not among them. */
  managed(service: ManagedService): string | undefined {
    const index = managedServices.indexOf(service);
    return index < this.count ? this.arnAt(index) : undefined;
  }

  /** A customer key that a data service could have used: symmetric, whatever has become of it since. */
  customer(choice: number): string | undefined {
    const first = managedServices.length;
    const keys = this.count - first;
    for (let probe = 0; probe < Math.min(keys, 16); probe++) {
      const index = first + ((choice + probe) % keys);
      if (index % 40 === 7 || this.#isSymmetric(index)) return this.arnAt(index);
    }
    return undefined;
  }

  /** An alias of such a key, where it has one. */
  customerAlias(choice: number): string | undefined {
    const keys = this.count - managedServices.length;
    if (keys < 1) return undefined;
    const index = managedServices.length + (choice % keys);
    return hasAlias(index) && this.#isSymmetric(index) ? aliasName(index) : undefined;
  }

  foreign(choice: number): string {
    const base = hashText(`foreign/${this.#place.region}`, this.#place.seed);
    return `arn:aws:kms:${this.#place.region}:${FOREIGN_ACCOUNT}:key/${uuid(base, choice % 8)}`;
  }

  /** The ARN of a key that has been deleted for good. */
  missing(choice: number): string {
    const { account, region } = this.#place;
    return `arn:aws:kms:${region}:${account}:key/${uuid(this.#base ^ 0x2f0b4c47, choice % 16)}`;
  }

  #special(index: number): Partial<KeyRecord> {
    const roll = percent(this.#base, index);
    const fields = specials.find(([below]) => roll < below)?.[1] ?? {};
    const lastUsage =
      roll % 3 === 0 ? undefined : { Operation: 'Decrypt', Timestamp: daysBefore(roll), KmsRequestId: uuid(this.#base, index) };
    return { ...fields, lastUsage, grants: this.#grants(index), ...this.#policy(roll) };
  }

  /** Mostly the default one. */
  #policy(roll: number): Partial<KeyRecord> {
    const { account } = this.#place;
    if (roll >= 98) return { policy: publicPolicy(account) };
    if (roll === 60) return { policy: lockedPolicy(account) };
    if (roll % 20 === 1) return { policy: sharedPolicy(account, FOREIGN_ACCOUNT) };
    return roll % 20 === 2 ? { policy: carelessPolicy(account) } : {};
  }

  /** One key in five has grants, made by services as a rule. */
  #grants(index: number): readonly Record<string, unknown>[] {
    const { account } = this.#place;
    if (index % 5 !== 2) return [];
    const role = `arn:aws:iam::${account}:role/app-${index % 11}`;
    const made = (GrantId: string, days: number, fields: Record<string, unknown>) => ({
      GrantId: `${GrantId}${hex8(mix(this.#base, index))}`,
      CreationDate: daysBefore(days),
      Operations: ['Decrypt'],
      ...fields,
    });
    return [
      made('a', 800, { GranteePrincipal: 'rds.amazonaws.com', Operations: ['CreateGrant', 'Decrypt', 'Encrypt'] }),
      ...(index % 10 === 2
        ? [made('b', index % 500, { GranteePrincipal: role, Operations: ['Decrypt', 'GenerateDataKey'] })]
        : []),
      ...(index % 20 === 7 ? [made('c', 30, { GranteePrincipal: `arn:aws:iam::${FOREIGN_ACCOUNT}:role/app` })] : []),
      ...(index % 20 === 17 ? [made('d', 30, { GranteePrincipal: role, Operations: ['CreateGrant', 'Decrypt'] })] : []),
    ];
  }

  #isSymmetric(index: number): boolean {
    const roll = percent(this.#base, index);
    return roll < 75 || (roll >= 86 && roll < 95) || roll >= 97;
  }

  #multiRegion(index: number, id: string): Partial<KeyRecord> | undefined {
    const { account, region } = this.#place;
    const member = (where: string) => ({ Arn: `arn:aws:kms:${where}:${account}:key/${id}`, Region: where });
    const configuration = (type: string, primary: string, replicas: string[]) => ({
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: type,
        PrimaryKey: member(primary),
        ReplicaKeys: replicas.map(member),
      },
      rotation: { enabled: true, periodInDays: 365, nextRotationDate: daysBefore(-120) },
    });
    if (index % 40 === 7) {
      const next = neighbour(this.#place, 'kms.key', 1);
      const replicas = next !== undefined && this.#place.count('kms.key', next) > index + 1 ? [next] : [];
      return configuration('PRIMARY', region, replicas);
    }
    const primary = this.#primaryRegion(index);
    return primary === undefined ? undefined : configuration('REPLICA', primary, [region]);
  }

  /** Where the primary of the replica at this index lies; undefined if the key is no replica. */
  #primaryRegion(index: number): string | undefined {
    if (index % 40 !== 8) return undefined;
    const previous = neighbour(this.#place, 'kms.key', -1);
    return previous !== undefined && this.#place.count('kms.key', previous) > index - 1 ? previous : undefined;
  }
}

/** One alias for four keys out of five, AWS's own among them. */
export class Aliases implements Generated<AliasRecord> {
  readonly count: number;
  readonly #keys: Keys;
  readonly #place: Place;

  constructor(place: Place, keys: Keys) {
    this.#place = place;
    this.#keys = keys;
    this.count = keys.count - Math.floor(keys.count / 5);
  }

  at(index: number): AliasRecord {
    const key = index + Math.floor(index / 4);
    const service = managedServices[key];
    const AliasName = service === undefined ? aliasName(key) : `alias/aws/${service}`;
    return {
      AliasName,
      AliasArn: `arn:aws:kms:${this.#place.region}:${this.#place.account}:${AliasName}`,
      TargetKeyId: this.#keys.idAt(key),
      CreationDate: daysBefore(200),
      LastUpdatedDate: daysBefore(200),
    };
  }

  indexOf(name: string): number | undefined {
    const managed = (managedServices as readonly string[]).indexOf(name.replace('alias/aws/', ''));
    const digits = /^alias\/gen\/key-(\d+)$/.exec(name)?.[1];
    const key = managed >= 0 && name.startsWith('alias/aws/') ? managed : Number(digits ?? NaN);
    return Number.isNaN(key) || !hasAlias(key) ? undefined : key - Math.floor(key / 5);
  }
}

function hasAlias(key: number): boolean {
  return key % 5 !== 4;
}

function aliasName(key: number): string {
  return `alias/gen/key-${key}`;
}

/** A multi-Region key has one id in all its regions, so its id is derived from the primary's place alone. */
function mrkId(place: Place, primary: string, index: number): string {
  const base = mrkBase(place.seed, place.account);
  const regional = mix(base, hashText(primary));
  return `mrk-${[0, 1, 2].map((i) => hex8(mix(regional + i, index))).join('')}${hex8(scramble(index, base))}`;
}

function mrkBase(seed: number, account: string): number {
  return hashText(`${account}/multi-region`, seed);
}
