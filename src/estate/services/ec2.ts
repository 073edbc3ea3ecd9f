import { AwsError, fault } from '../errors.js';
import { required, text, texts, whole, wire } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import { concat, fromArray, where } from '../paging.js';
import type { Pageable } from '../paging.js';
import { hashText, hexId } from '../world/hash.js';
import type { Kind, LaunchTemplateRecord, Records, SnapshotRecord } from '../world/records.js';
import { catalogueOf, needsOptIn } from '../world/regions.js';
import type { Shelf } from '../world/shelf.js';
import { filtered } from './ec2-filters.js';

/** Without MaxResults AWS sends what it deems fit and a token; a thousand here. */
const UNPAGED = 1000;

function shelf<K extends Kind>({ world, caller, region }: Context, kind: K): Shelf<Records[K]> {
  return world.shelf(caller.account, region, kind);
}

function list<T extends object>(context: Context, name: string, source: Pageable<T>, range: readonly [number, number]): Fields {
  const asked = whole(context.params, 'MaxResults');
  if (asked !== undefined && asked < range[0]) {
    const text = `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value greater than ${range[0]}.`;
    throw fault('ec2', 'badParameter', text);
  }
  const { items, next } = context.pager.take(source, Math.min(asked ?? UNPAGED, asked === undefined ? UNPAGED : range[1]));
  return { [name]: items.map(wire), ...(next !== undefined && { NextToken: next }) };
}

/** Records named by id; one that does not exist fails the whole call, as AWS does. */
function byIds<T>(find: Shelf<T>, ids: readonly string[], code: string, what: string): Pageable<T> {
  return fromArray(
    ids.map((id) => {
      const record = find.find(id);
      if (record === undefined) throw new AwsError(code, 400, `The ${what} '${id}' does not exist.`);
      return record;
    }),
  );
}

function describeRegions(context: Context): Fields {
  const { world, caller, params } = context;
  const enabled = new Set(world.regions(caller.account));
  const names = params['AllRegions'] === true ? [...new Set([...catalogueOf(world), ...enabled])].sort() : [...enabled];
  const wanted = texts(params, 'RegionNames');
  const regions = names.map((RegionName) => ({
    RegionName,
    Endpoint: `ec2.${RegionName}.amazonaws.com`,
    OptInStatus: !enabled.has(RegionName) ? 'not-opted-in' : needsOptIn(RegionName) ? 'opted-in' : 'opt-in-not-required',
  }));
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw fault('ec2', 'badParameter', `Invalid region: [${unknown}]`);
  const kept = fromArray(regions.filter((region) => wanted === undefined || wanted.includes(region.RegionName)));
  return { Regions: context.pager.take(filtered(context, 'region', kept), Infinity).items };
}

function describeVolumes(context: Context): Fields {
  const volumes = shelf(context, 'ebs.volume');
  const ids = texts(context.params, 'VolumeIds');
  const source = ids ? byIds(volumes, ids, 'InvalidVolume.NotFound', 'volume') : volumes;
  return list(context, 'Volumes', filtered(context, 'volume', source), [5, 500]);
}

function describeSnapshots(context: Context): Fields {
  const own = shelf(context, 'ebs.snapshot');
  const ids = texts(context.params, 'SnapshotIds');
  const named = ids ? byIds(own, ids, 'InvalidSnapshot.NotFound', 'snapshot') : undefined;
  return list(context, 'Snapshots', filtered(context, 'snapshot', named ?? visible(context, own)), [5, 1000]);
}

/** What a caller sees who names no ids: own snapshots, and public ones of others unless OwnerIds says otherwise. */
function visible(context: Context, own: Shelf<SnapshotRecord>): Pageable<SnapshotRecord> {
  const { caller, params, world, region } = context;
  const owners = texts(params, 'OwnerIds');
  const restorable = texts(params, 'RestorableByUserIds');
  const blocked = world.region(caller.account, region).settings.snapshotBlockPublicAccess === 'block-all-sharing';
  const sources: Pageable<SnapshotRecord>[] = [];
  if (owners === undefined || owners.includes('self') || owners.includes(caller.account)) {
    sources.push(restorable === undefined ? own : restorableBy(own, restorable, blocked, caller.account));
  }
  if (owners === undefined && (restorable === undefined || restorable.includes('all'))) {
    sources.push(fromArray(publicOfOthers(context)));
  }
  return concat(sources);
}

/** Looks at the share list alone, so that the few public ones of a million are found without making the million. */
function restorableBy(
  own: Shelf<SnapshotRecord>,
  users: readonly string[],
  blocked: boolean,
  caller: string,
): Pageable<SnapshotRecord> {
  const wanted = new Set(users.map((user) => (user === 'self' ? caller : user)));
  return {
    size: own.size,
    at: (position) => {
      const shares = own.sharedWith(position);
      const hit = wanted.has(caller) || shares.some((user) => wanted.has(user) && !(blocked && user === 'all'));
      return hit ? own.at(position) : undefined;
    },
  };
}

/** Public snapshots of other people: there are thousands in each real region, three here. */
function publicOfOthers({ region }: Context): SnapshotRecord[] {
  const base = hashText(`public/${region}`);
  return [0, 1, 2].map((i) => ({
    SnapshotId: `snap-${hexId(base, i)}`,
    VolumeId: 'vol-ffffffff',
    OwnerId: `00000000000${i + 1}`,
    OwnerAlias: 'amazon',
    State: 'completed',
    StartTime: new Date(Date.UTC(2025, i, 1)),
    Progress: '100%',
    Description: 'A public data set',
    VolumeSize: 8,
    Encrypted: false,
    sharedWith: ['all'],
  }));
}

function describeSnapshotAttribute(context: Context): Fields {
  const id = required(context, 'SnapshotId');
  const snapshot = shelf(context, 'ebs.snapshot').find(id);
  if (snapshot === undefined) throw new AwsError('InvalidSnapshot.NotFound', 400, `The snapshot '${id}' does not exist.`);
  const CreateVolumePermissions = snapshot.sharedWith.map((user) => (user === 'all' ? { Group: user } : { UserId: user }));
  return { SnapshotId: id, CreateVolumePermissions };
}

function describeImages(context: Context): Fields {
  const images = shelf(context, 'ec2.image');
  const { params, caller } = context;
  const owners = texts(params, 'Owners');
  const ids = texts(params, 'ImageIds');
  if (ids) return list(context, 'Images', byIds(images, ids, 'InvalidAMIID.NotFound', 'image id'), [1, 1000]);
  const own = owners === undefined || owners.includes('self') || owners.includes(caller.account);
  const disabledToo = params['IncludeDisabled'] === true;
  const source = where(own ? images : fromArray([]), (image) => disabledToo || image['State'] !== 'disabled');
  return list(context, 'Images', filtered(context, 'image', source), [1, 1000]);
}

function describeImageAttribute(context: Context): Fields {
  const id = required(context, 'ImageId');
  const image = shelf(context, 'ec2.image').find(id);
  if (image === undefined) throw new AwsError('InvalidAMIID.NotFound', 400, `The image id '[${id}]' does not exist`);
  return { ImageId: id, LaunchPermissions: image.launchPermissions };
}

/** A template is what its latest version tells of it, with the number of the default one. */
function describeLaunchTemplates(context: Context): Fields {
  const versions = shelf(context, 'ec2.launch-template');
  const ids = texts(context.params, 'LaunchTemplateIds');
  const isLatest = ({ LaunchTemplateId: id, VersionNumber }: LaunchTemplateRecord) =>
    versions.find(`${id}:${VersionNumber + 1}`) === undefined;
  const latest = where(versions, (version) => isLatest(version) && (ids?.includes(version.LaunchTemplateId) ?? true));
  const templates: Pageable<object> = {
    size: latest.size,
    at: (position) => {
      const version = latest.at(position);
      return version === undefined ? undefined : launchTemplate(version, versions);
    },
  };
  return list(context, 'LaunchTemplates', templates, [1, 200]);
}

function launchTemplate(latest: LaunchTemplateRecord, versions: Shelf<LaunchTemplateRecord>): object {
  const { LaunchTemplateId, LaunchTemplateName, CreateTime, CreatedBy, VersionNumber: LatestVersionNumber, tags = [] } = latest;
  let DefaultVersionNumber = LatestVersionNumber;
  while (DefaultVersionNumber > 1 && versions.find(`${LaunchTemplateId}:${DefaultVersionNumber}`)?.DefaultVersion !== true)
    DefaultVersionNumber--;
  return { LaunchTemplateId, LaunchTemplateName, CreateTime, CreatedBy, DefaultVersionNumber, LatestVersionNumber, Tags: tags };
}

/** Without a template, AWS accepts only $Latest and $Default, and answers for all templates. */
function describeLaunchTemplateVersions(context: Context): Fields {
  const { params } = context;
  const versions = texts(params, 'Versions');
  const template = text(params, 'LaunchTemplateId');
  if (template === undefined && !versions?.every((version) => version === '$Latest' || version === '$Default')) {
    throw new AwsError('MissingParameter', 400, 'Either a launch template id or $Latest/$Default versions must be given.');
  }
  const all = shelf(context, 'ec2.launch-template');
  const isLatest = (id: string, version: number) => all.find(`${id}:${version + 1}`) === undefined;
  const source = where(all, ({ LaunchTemplateId, VersionNumber, DefaultVersion }) => {
    if (template !== undefined && LaunchTemplateId !== template) return false;
    if (versions === undefined || versions.includes(String(VersionNumber))) return true;
    return (
      (versions.includes('$Default') && DefaultVersion) ||
      (versions.includes('$Latest') && isLatest(LaunchTemplateId, VersionNumber))
    );
  });
  return list(context, 'LaunchTemplateVersions', source, [1, 200]);
}

function setting(pick: (context: Context) => Fields): Operation {
  return { run: pick };
}

const settingsOf = ({ world, caller, region }: Context) => world.region(caller.account, region).settings;

export const ec2: Record<string, Operation> = {
  DescribeRegions: { run: describeRegions },
  GetEbsEncryptionByDefault: setting((context) => {
    const on = settingsOf(context).ebsEncryptionByDefault;
    return { EbsEncryptionByDefault: on, ...(on && { SseType: 'sse-kms' }) };
  }),
  GetEbsDefaultKmsKeyId: setting((context) => ({ KmsKeyId: settingsOf(context).ebsDefaultKmsKeyId })),
  GetSnapshotBlockPublicAccessState: setting((context) => {
    const { snapshotBlockPublicAccess, blockManagedBy } = settingsOf(context);
    return { State: snapshotBlockPublicAccess, ManagedBy: blockManagedBy };
  }),
  GetImageBlockPublicAccessState: setting((context) => {
    const { imageBlockPublicAccess, blockManagedBy } = settingsOf(context);
    return { ImageBlockPublicAccessState: imageBlockPublicAccess, ManagedBy: blockManagedBy };
  }),
  DescribeVolumes: { run: describeVolumes },
  DescribeSnapshots: { run: describeSnapshots },
  DescribeSnapshotAttribute: { run: describeSnapshotAttribute, resource: ({ params }) => text(params, 'SnapshotId') },
  DescribeImages: { run: describeImages },
  DescribeImageAttribute: { run: describeImageAttribute, resource: ({ params }) => text(params, 'ImageId') },
  DescribeLaunchTemplates: { run: describeLaunchTemplates },
  DescribeLaunchTemplateVersions: {
    run: describeLaunchTemplateVersions,
    resource: ({ params }) => text(params, 'LaunchTemplateId'),
  },
};
