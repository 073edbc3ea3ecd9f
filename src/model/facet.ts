import type { Kind } from './resources/index.js';

/**
 * A facet that a plugin adds to a built-in kind: one call about each resource, through the client that the scan has for
 * the kind's service.
 */
export interface PluginFacet {
  readonly kind: Kind;
  readonly name: string;
  /** The plugin it comes from. */
  readonly origin: string;
  /** `service:Operation`, one that reads. */
  readonly operation: string;
  /** The IAM action that it needs. */
  readonly action: string;
  /** Facets of the same resource without which it is not asked. */
  readonly after: readonly string[];
  /** Sends the one command, from `sdk` or of the plugin's own import. */
  readonly request: (client: never, sdk: never, target: never) => Promise<object>;
  /** What rules see, as JSON keeps it. Null: there is none; undefined: AWS left it out. */
  readonly project: (output: never) => unknown;
  /** Error codes by which AWS says that there is none. */
  readonly absent: readonly string[];
  /** Error codes that prove the resource deleted since it was listed. */
  readonly gone: readonly string[];
}
