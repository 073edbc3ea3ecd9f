import { AtrestError, kinds, openListed, populationPieces, sample, type Kind, type PopulationFacts } from '#index.js';
import type { Io } from '../io.js';
import { unknownWord } from '../options.js';

export interface PopulationFlags {
  readonly kind: string;
  readonly format: 'ndjson' | 'csv';
}

export interface SampleFlags {
  readonly kind: string;
  readonly size: string;
  readonly seed: string;
}

export async function evidencePopulationCommand(run: string, { kind, format }: PopulationFlags, io: Io): Promise<number> {
  const listed = await openListed(run, kindOf(kind));
  let facts: PopulationFacts | undefined;
  const pieces = populationPieces(listed, format, (found) => {
    facts = found;
  });
  await io.outPieces(pieces);
  // Whoever reads stopped before the end.
  if (facts === undefined) return 0;
  io.err(textOf(facts));
  return facts.complete ? 0 : 3;
}

export async function evidenceSampleCommand(run: string, { kind, size, seed }: SampleFlags, io: Io): Promise<number> {
  const count = /^[1-9]\d{0,5}$/.test(size) ? Number(size) : 0;
  if (count === 0) throw new AtrestError('usage', `--size ${size}: a number from 1 to 999999 is expected`);
  const { items, population: facts } = await sample(await openListed(run, kindOf(kind)), { size: count, seed });
  async function* lines(): AsyncGenerator<string> {
    await Promise.resolve();
    for (const item of items) yield `${JSON.stringify(item)}\n`;
    yield `${JSON.stringify({ sample: { seed, size: items.length, asked: count }, population: facts })}\n`;
  }
  await io.outPieces(lines());
  const all = items.length < count ? ', which is all there are' : '';
  io.err(`Sample of ${String(items.length)} with the seed ${seed}${all}.\n${textOf(facts)}`);
  return facts.complete ? 0 : 3;
}

function kindOf(name: string): Kind {
  return kinds.find((kind) => kind === name) ?? unknownWord('kind', name, kinds);
}

/** The gaps come last, where they are read. */
function textOf({ kind, count, date, sha256, gone, notListed }: PopulationFacts): string {
  const lines = [
    `${String(count)} ${kind} on ${date.slice(0, 10)}. SHA-256 of their ARNs, one a line: ${sha256}`,
    ...(gone === 0 ? [] : [`${String(gone)} more were deleted while they were read, and are not counted.`]),
    ...(notListed.length === 0 ? [] : [`NOT THE WHOLE POPULATION: not everything was listed, and nobody knows what is there.`]),
    ...notListed.map(({ account, region, why }) => `  account ${account}${region === null ? '' : `, ${region}`}: ${why}`),
  ];
  return `${lines.join('\n')}\n`;
}
