import { known, type Attempt, type Missing } from '#model/attempt.js';
import { defaultsArn } from '#model/ebs-defaults.js';
import { notOurs } from '#model/ec2-listings.js';
import { isMappingEncrypted, isSnapshotEncrypted } from '#model/image-encryption.js';
import { newTemplateVersion, templateBlock } from '#model/launch-template.js';
import { uncollected, type TemplateMapping } from '#model/resources/index.js';
import { defineRule, type RuleContext } from '#model/rule.js';

const lookups = {
  'ebs.defaults': ['encryptionByDefault'],
  'ebs.snapshot': ['details'],
  'ec2.image': ['details'],
} as const;

export default defineRule({
  id: 'ec2/launch-template-encrypted',
  kind: 'ec2.launch-template',
  severity: 'medium',
  title: 'Launch templates make encrypted EBS volumes only',
  needs: ['versions'],
  premises: ['versions'],
  lookups,
  docs: {
    why: 'A template repeats what it says with every instance: one mapping without Encrypted is a plain disk for each machine of a scaling group. Where encryption by default is on it does no harm; elsewhere nothing else stops it.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-parameters.html',
    waive: 'A template for machines that hold public data only.',
  },
  messages: {
    encrypted: 'Every EBS device of the default and the latest version is encrypted.',
    byDefault: 'Encryption by default is on in {region}: volumes are encrypted whatever the template says.',
    plain: 'Encryption by default is off in {region}, and the template makes unencrypted volumes: {devices}.',
  },
  states: [
    ['No EBS mapping in $Default or $Latest: NoDevice and instance store do not count', 'not applicable'],
    ['Every mapping says Encrypted=true, or its snapshot or the image’s device is encrypted', 'pass'],
    ['Whether encryption by default is on could not be read', 'unknown'],
    ['Encryption by default is on', 'pass'],
    ['A mapping without Encrypted=true, and its snapshot is not encrypted', 'fail'],
    ['The same without a snapshot, and the image’s device is not encrypted, or the image has no such device', 'fail'],
    ['The same without a snapshot, and the template names no image', 'fail'],
    ['The snapshot or image is not in the run, could not be listed, or is named by a parameter', 'unknown'],
  ],
  remediation: (template) => ({
    text: 'Make a version whose devices are all encrypted the default one, and turn encryption by default on in the region. Scaling groups and fleets that name a version by its number have to be pointed at the new one.',
    cli: newTemplateVersion(template, '(.BlockDeviceMappings[]?.Ebs | select(. != null)).Encrypted = true'),
    terraform: templateBlock,
  }),
  appliesTo: ({ versions }) => versions.some(({ mappings }) => mappings.length > 0) || 'no device of it is backed by EBS',
  evaluate: (template, { pass, fail, unknown, find }) => {
    const { versions, region } = template;
    const plain: string[] = [];
    const missing: Missing[] = [];
    for (const { version, imageId, mappings } of versions) {
      for (const mapping of mappings) {
        const encrypted = isEncrypted(mapping, imageId, region, find);
        if (!encrypted.known) missing.push(...encrypted.missing);
        else if (!encrypted.value) plain.push(`${mapping.device ?? 'a device'} of version ${String(version ?? 'unknown')}`);
      }
    }
    const expected = 'every EBS device encrypted';
    if (plain.length === 0 && missing.length === 0)
      return pass('encrypted', { expected, actual: expected, evidence: { versions } });

    const defaults = find('ebs.defaults', defaultsArn(template));
    if (!defaults.known) return unknown(defaults.missing);
    if (typeof defaults.value !== 'object') return unknown([uncollected('ebs.defaults', 'encryptionByDefault')]);
    const evidence = { versions, EbsEncryptionByDefault: defaults.value.encryptionByDefault };
    if (defaults.value.encryptionByDefault)
      return pass('byDefault', { data: { region }, expected, actual: 'encrypted by default', evidence });
    if (plain.length > 0)
      return fail('plain', { data: { region, devices: plain.join(', ') }, expected, actual: 'not encrypted', evidence });
    return unknown([...new Set(missing)]);
  },
});

type Find = RuleContext<Record<never, never>, typeof lookups>['find'];

/** What the mapping says, else what its snapshot is, else what the image has for that device. */
function isEncrypted(mapping: TemplateMapping, imageId: string | null, region: string, find: Find): Attempt<boolean> {
  if (mapping.encrypted === true) return known(true);
  if (mapping.snapshotId !== null) {
    const snapshot = find('ebs.snapshot', mapping.snapshotId, region);
    if (!snapshot.known) return snapshot;
    if (typeof snapshot.value === 'object') return isSnapshotEncrypted(snapshot.value.details);
    return { known: false, missing: [notOurs('ebs.snapshot', mapping.snapshotId)] };
  }
  // No image in the template: the device is made blank, and blank ones are not encrypted by themselves.
  return imageId === null ? known(false) : isImageDeviceEncrypted(mapping.device, imageId, region, find);
}

function isImageDeviceEncrypted(device: string | null, imageId: string, region: string, find: Find): Attempt<boolean> {
  if (!imageId.startsWith('ami-')) return { known: false, missing: [namedByParameter(imageId)] };
  const image = find('ec2.image', imageId, region);
  if (!image.known) return image;
  if (typeof image.value !== 'object') return { known: false, missing: [notOurs('ec2.image', imageId)] };
  const { partition, account, details } = image.value;
  const own = details.mappings.find((mapping) => mapping.device === device);
  if (own === undefined) return known(false);
  return isMappingEncrypted(own, (id) => find('ebs.snapshot', `arn:${partition}:ec2:${region}:${account}:snapshot/${id}`));
}

/** `resolve:ssm:…`: the image is looked up at launch. */
function namedByParameter(imageId: string): Missing {
  const operation = 'ec2:DescribeLaunchTemplateVersions';
  const code = `the image that ${imageId} stands for`;
  return { facet: 'ec2.launch-template/versions', operation, action: operation, code, cause: 'absent-field' };
}
