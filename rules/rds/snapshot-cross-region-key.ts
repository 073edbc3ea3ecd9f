import { known } from '#model/attempt.js';
import { copyMessages, copyStates, judgeCopy, sourceOf } from '#model/copy.js';
import { judgedDatabase } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule, keyLookup } from '#model/rule.js';

const lookups = { ...keyLookup, 'rds.snapshot': ['details'], 'rds.cluster-snapshot': ['details'] } as const;

export default defineRule({
  id: 'rds/snapshot-cross-region-key',
  kind: ['rds.snapshot', 'rds.cluster-snapshot'],
  severity: 'high',
  title: 'Database snapshots copied from another region are as well encrypted as their source, under a key that works',
  needs: ['details', 'encryption'],
  premises: ['details'],
  lookups,
  cmkRequired: 'want',
  docs: {
    why: 'A key stays in its region, so a copy to another region is made under a key that somebody names there, often aws/rds. Such copies are the backups of a lost region, and their keys are looked at when it is too late.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html',
    waive: 'A copy of public data, or one that is deleted as soon as it has been restored.',
  },
  messages: copyMessages,
  states: [
    ['No SourceRegion (cluster snapshots: no SourceDBClusterSnapshotArn), or that of the snapshot itself', 'not applicable'],
    ...copyStates,
  ],
  remediation: reencrypt,
  appliesTo: ({ details: { sourceRegion }, region }) => {
    if (sourceRegion === null) return 'not a copy from another region: AWS names no source region';
    return sourceRegion !== region || `not a copy from another region: its source region is ${region} too`;
  },
  evaluate: (copy, context) => {
    const { sourceRegion, sourceArn } = copy.details;
    const judged = judgedDatabase(copy);
    const evidence = { ...judged.evidence, sourceRegion, source: sourceArn };
    // Automated copies name no source.
    const source = sourceArn === null ? known(null) : sourceOf(context.find(copy.kind, sourceArn));
    return judgeCopy({ ...judged, evidence, sourceRegion: sourceRegion ?? '', source }, context);
  },
});
