import type { Kind } from './resources/index.js';

/** What becomes of a resource without its key. */
export interface Loss {
  /** While the key is disabled, waits for deletion or lacks its material: all of it comes back with the key. */
  readonly disabled: string;
  /** Once the key is deleted: nothing brings it back. */
  readonly deleted: string;
}

const snapshot: Loss = {
  disabled: 'cannot be restored, copied or shared',
  deleted: 'lost: nobody can restore it again',
};
const database: Loss = {
  disabled: 'stops, in state inaccessible-encryption-credentials; after seven days it can only be restored from a backup',
  deleted: 'lost, with every backup under the same key',
};

/**
 * By kind. https://docs.aws.amazon.com/kms/latest/developerguide/unusable-kms-keys.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
 */
const losses: Readonly<Partial<Record<Kind, Loss>>> = {
  'ebs.volume': {
    disabled: 'goes on while it is attached; once detached, or its instance stopped, it cannot be attached again',
    deleted: 'goes on while it is attached, then its data is lost',
  },
  'ebs.snapshot': snapshot,
  'ebs.defaults': {
    disabled: 'launches and new volumes that name no other key fail in this region',
    deleted: 'launches and new volumes that name no other key fail until another default key is set',
  },
  'rds.instance': database,
  'rds.cluster': database,
  'rds.snapshot': snapshot,
  'rds.cluster-snapshot': snapshot,
  's3.directory-bucket': {
    disabled: 'objects under the key cannot be read, and uploads under the default fail',
    deleted: 'objects under the key are lost, and the bucket cannot be given another customer managed key',
  },
  's3.bucket': {
    disabled: 'objects under the key cannot be read, and uploads under the default fail',
    deleted: 'objects under the key are lost, and uploads fail until another default key is set',
  },
};

const sideLosses: Readonly<Partial<Record<string, Loss>>> = {
  replica: {
    disabled: 'replication of new objects fails, and replicas under the key cannot be read',
    deleted: 'replicas under the key are lost, and replication fails until its rule names another key',
  },
  inventory: {
    disabled: 'reports are not delivered, and earlier ones cannot be read',
    deleted: 'reports under the key are lost, and none is delivered until another key is named',
  },
  'Performance Insights': {
    disabled: 'its performance data cannot be read',
    deleted: 'its performance data is lost',
  },
  'activity stream': {
    disabled: 'the stream of its activity stops',
    deleted: 'the stream stops, and what was not read of it is lost',
  },
  'master secret': {
    disabled: 'the password of its master user can neither be read nor rotated',
    deleted: 'the secret is lost, and the password of the master user has to be set anew',
  },
};

/** What becomes of the resources of one kind that use a key for the same. */
export interface UseLoss extends Loss {
  readonly kind: string;
  readonly usage: string;
  readonly count: number;
}

/** By kind and each single usage, in the order in which they come: a resource may use a key for several. */
export function lossesOf(uses: Iterable<Pick<UseLoss, 'kind' | 'usage' | 'count'>>): readonly UseLoss[] {
  const losses = new Map<string, UseLoss & { count: number }>();
  for (const { kind, usage: usages, count } of uses) {
    for (const usage of usages.split(', ')) {
      const found = losses.get(`${kind} ${usage}`);
      if (found === undefined) losses.set(`${kind} ${usage}`, { kind, usage, count, ...lossOf(kind, usage) });
      else found.count += count;
    }
  }
  return [...losses.values()];
}

function lossOf(kind: string, usage: string): Loss {
  return (
    own(sideLosses, usage) ??
    own(losses, kind) ?? {
      disabled: 'what is encrypted under the key cannot be read or written',
      deleted: 'what is encrypted under the key is lost',
    }
  );
}

/** Not what every object has: a report may be of a kind that is called `constructor`. */
function own(texts: Readonly<Partial<Record<string, Loss>>>, name: string): Loss | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}
