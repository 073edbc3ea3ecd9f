import { z } from 'zod';
import { matchesGlob } from '#model/glob.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/mrk-regions-approved',
  kind: 'kms.key',
  severity: 'medium',
  title: 'Multi-Region keys lie in approved regions only',
  needs: ['metadata'],
  options: z.strictObject({
    regions: z
      .array(z.string().min(1))
      .readonly()
      .default([])
      .meta({ description: 'Regions in which multi-Region keys and their replicas may lie, as globs' }),
  }),
  configured: ({ regions }) => regions.length > 0,
  docs: {
    why: 'A replica is the same key material in another region, under a policy of its own. Data whose law binds it to a region can be decrypted wherever its key has a replica.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html',
    waive: 'A replica for the recovery of data that may leave its region by contract.',
  },
  messages: {
    within: 'The key and its replicas lie in approved regions only: {regions}.',
    outside: 'The key or its replicas lie outside the approved regions, in {regions}.',
  },
  states: [
    ['No regions are configured', 'not applicable'],
    ['DescribeKey could not be read', 'unknown'],
    ['AWS managed key, single-Region key, or replica', 'not applicable; a replica is judged at its primary'],
    ["The primary's own region or that of a replica is not approved", 'fail'],
    ['All of them are', 'pass'],
  ],
  remediation: ({ arn, region }) => {
    const id = shellQuote(arn.slice(arn.indexOf('/') + 1));
    return {
      text: 'Re-encrypt what is under the replica elsewhere, then delete the replica. A primary has to be moved first, by making one of its replicas the primary.',
      cli: `aws kms describe-key --region ${shellQuote(region)} --key-id ${id} --query 'KeyMetadata.MultiRegionConfiguration'\naws kms schedule-key-deletion --region "\${REPLICA_REGION:?the region to leave}" --key-id ${id} --pending-window-in-days 30`,
      terraform: '# Remove the aws_kms_replica_key of the region to leave; 30 days are left to change your mind.',
    };
  },
  appliesTo: (_key, { options: { regions } }) => regions.length > 0 || 'no approved regions are configured',
  evaluate: ({ metadata: { manager, multiRegion }, region }, { pass, fail, notApplicable, options }) => {
    if (manager === 'AWS') return notApplicable('AWS managed keys stay in their region');
    if (multiRegion === null) return notApplicable('a single-Region key');
    if (multiRegion.role === 'REPLICA') return notApplicable('a replica: judged at its primary');
    const regions = [region, ...multiRegion.replicas.map((replica) => replica.region)];
    const outside = regions.filter((each) => !options.regions.some((pattern) => matchesGlob(pattern, each)));
    const facts = { expected: options.regions.join(', '), actual: regions.join(', '), evidence: { regions } };
    if (outside.length > 0) return fail('outside', { ...facts, data: { regions: outside.join(', ') } });
    return pass('within', { ...facts, data: { regions: regions.join(', ') } });
  },
});
