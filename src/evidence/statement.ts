import { z } from 'zod';

/** Of the predicate, so that a reader of other statements knows it from them. */
export const predicateType = 'https://atrest.dev/evidence/v1';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An in-toto Statement v1 over every file of a pack, with what the run claims of itself. */
export const Statement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.strictObject({ name: z.string(), digest: z.strictObject({ sha256 }) })).min(1),
  predicateType: z.literal(predicateType),
  predicate: z.strictObject({
    schemaVersion: z.literal('1.0'),
    /** What packed the run; `run.tool` scanned it. */
    packedBy: z.strictObject({ name: z.literal('atrest'), version: z.string() }),
    run: z.strictObject({
      id: z.string(),
      startedAt: z.string(),
      finishedAt: z.string(),
      complete: z.boolean(),
      tool: z.strictObject({ name: z.literal('atrest'), version: z.string() }),
    }),
    manifest: sha256,
    ruleSet: sha256,
    config: sha256,
    waivers: sha256.nullable(),
    /** Fingerprint of the key that is to sign; null: the pack is unsigned. */
    signer: sha256.nullable(),
  }),
});
export type Statement = z.infer<typeof Statement>;

/** The file of a run that names the others; it stands first. */
export const manifestName = 'run/manifest.json';

/** The bytes that are signed. */
export function encodeStatement(digests: ReadonlyMap<string, string>, predicate: Statement['predicate']): Buffer {
  const rest = [...digests.keys()].filter((name) => name !== manifestName).sort();
  const subject = [manifestName, ...rest].map((name) => ({ name, digest: { sha256: digests.get(name) ?? '' } }));
  const { schemaVersion, packedBy, run, manifest, ruleSet, config, waivers, signer } = predicate;
  const statement: Statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType,
    predicate: {
      schemaVersion,
      packedBy: { name: packedBy.name, version: packedBy.version },
      run: {
        id: run.id,
        startedAt: run.startedAt,
        finishedAt: run.finishedAt,
        complete: run.complete,
        tool: { name: run.tool.name, version: run.tool.version },
      },
      ...{ manifest, ruleSet, config, waivers, signer },
    },
  };
  return Buffer.from(JSON.stringify(statement));
}
