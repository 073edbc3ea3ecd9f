import type { ServiceName } from '../errors.js';
import type { Fields } from '../operation.js';

/** EC2's wire names of list parameters, as the SDK calls them. */
const ec2Lists: Record<string, string> = {
  Filter: 'Filters',
  RegionName: 'RegionNames',
  VolumeId: 'VolumeIds',
  SnapshotId: 'SnapshotIds',
  ImageId: 'ImageIds',
  LaunchTemplateId: 'LaunchTemplateIds',
  Owner: 'OwnerIds',
  RestorableBy: 'RestorableByUserIds',
  ExecutableBy: 'ExecutableUsers',
  LaunchTemplateVersion: 'Versions',
};

/** Form parameters as the object the caller gave to its SDK. */
export function queryParams(service: ServiceName, operation: string, form: URLSearchParams): Fields {
  const tree: Fields = {};
  for (const [path, value] of form) {
    if (path !== 'Action' && path !== 'Version') insert(tree, path.split('.'), value);
  }
  const params = Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, tidy(name, value)]));
  if (service !== 'ec2') return params;
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const renamed = Array.isArray(value) ? (ec2Lists[name] ?? name) : name;
      return [renamed === 'OwnerIds' && operation === 'DescribeImages' ? 'Owners' : renamed, value];
    }),
  );
}

function insert(tree: Fields, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const inner = typeof tree[head] === 'object' ? (tree[head] as Fields) : {};
  tree[head] = inner;
  insert(inner, rest, value);
}

/** Numbered children become lists; `Filters.Filter.1` loses its middle name; numbers and booleans become such. */
function tidy(name: string, value: unknown): unknown {
  if (typeof value === 'string') return scalar(name, value);
  const fields = value as Fields;
  const names = Object.keys(fields);
  if (names.every((key) => /^\d+$/.test(key))) {
    return names.sort((a, b) => Number(a) - Number(b)).map((key) => tidy('', fields[key]));
  }
  const only = names.length === 1 ? fields[names[0] ?? ''] : undefined;
  if (only !== null && typeof only === 'object' && Object.keys(only).every((key) => /^\d+$/.test(key))) {
    return tidy(names[0] ?? '', only);
  }
  return Object.fromEntries(names.map((key) => [key === 'Value' ? 'Values' : key, tidy(key, fields[key])]));
}

/** Values inside a list stay text: a filter compares text. */
function scalar(name: string, value: string): unknown {
  if (name === '') return value;
  if (/^(Max|Duration)/.test(name) && /^\d+$/.test(value)) return Number(value);
  if (value === 'true' || value === 'false') return value === 'true';
  return value;
}
