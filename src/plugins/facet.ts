import { z } from 'zod';
import type { AnyKind } from '#collect/service.js';
import { AtrestError } from '#model/errors.js';
import type { PluginFacet } from '#model/facet.js';
import { serviceOfKind } from '#model/resources/index.js';
import { checkFacet, isFunction, kindOf, specOf } from './shape.js';

/** What a view of a resource holds beside its facets. */
const taken = new Set(['kind', 'arn', 'name', 'region', 'account', 'partition', 'encryption']);

/** A facet as a plugin writes it; a word that is not among these is a slip. */
const GivenFacet = z.strictObject({
  kind: z.string(),
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a name is one word that begins in lower case: replicationRole'),
  operation: z.string().regex(/^[a-z0-9]+:(Get|List|Describe|Head)[A-Z][A-Za-z0-9]*$/, {
    error: 'an operation that reads is expected, as s3:GetBucketReplication: Get, List, Describe or Head',
  }),
  action: z.string().regex(/^[a-z0-9-]+:[A-Z][A-Za-z0-9]*$/, 'an IAM action is expected, as s3:GetReplicationConfiguration'),
  after: z.array(z.string()).default([]),
  request: isFunction,
  project: isFunction,
  absent: z.array(z.string()).default([]),
  gone: z.array(z.string()).default([]),
});

/** Checks what a plugin exports as facets. `known` are the facets loaded before; `file` is named in errors. */
export function facetOf(given: unknown, file: string, plugin: string, known: readonly AnyKind[]): PluginFacet {
  const parsed = GivenFacet.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new AtrestError('config', `${file}: this is not a facet: ${path}${issue?.message ?? 'it is something else'}`);
  }
  const { kind: kindName, name, operation, after, request, project, ...rest } = parsed.data;
  const where = `${file}: the facet ${name}`;
  const refuse = (why: string): never => {
    throw new AtrestError('config', `${where}: ${why}`);
  };
  const kind = kindOf(kindName, where);
  if (taken.has(name)) refuse(`${name} is what rules call something else of a resource`);
  if (Object.hasOwn(specOf(kind, known).facets, name)) refuse(`${kind} has a facet ${name} already`);
  const service = serviceOfKind[kind];
  if (!operation.startsWith(`${service}:`)) refuse(`${kind} is read through the client of ${service}, not by ${operation}`);
  // Facets that are known by now: none can wait for one that waits for it.
  for (const other of after) {
    checkFacet(kind, other, where, known);
    const spec = specOf(kind, known).facets[other];
    if (spec?.by === 'call' && spec.followUp) refuse(`${other} is read when the whole run is known, after this one`);
  }
  return {
    ...rest,
    kind,
    name,
    origin: plugin,
    operation,
    after,
    request: request as PluginFacet['request'],
    project,
  };
}
