import { population, type Listed, type PopulationFacts } from '#evidence/population.js';
import { inChunks } from '#reports/chunks.js';
import { byteOrderMark, line } from '#reports/csv/line.js';

/**
 * The resources of a kind, a line each, and at the end what was not listed: of NDJSON the last line says it all, of CSV
 * there is a row for each gap. `onEnd` gets what there is to say of all, if all was read.
 */
export function populationPieces(
  listed: Listed,
  format: 'ndjson' | 'csv',
  onEnd: (facts: PopulationFacts) => void,
): AsyncIterable<string> {
  return inChunks(pieces(listed, format, onEnd));
}

async function* pieces(...[listed, format, onEnd]: Parameters<typeof populationPieces>): AsyncGenerator<string> {
  if (format === 'csv') yield byteOrderMark + line(['arn', 'name', 'account', 'region', 'not_listed']);
  const members = population(listed);
  let next = await members.next();
  for (; next.done !== true; next = await members.next()) {
    const { record, cell } = next.value;
    const { arn, name, region } = record;
    const row = { arn, name, account: cell.account, region };
    yield format === 'csv' ? line([...Object.values(row), '']) : `${JSON.stringify(row)}\n`;
  }
  const facts = next.value;
  if (format === 'ndjson') yield `${JSON.stringify({ population: facts })}\n`;
  else for (const { account, region, why } of facts.notListed) yield line(['', '', account, region ?? '', why]);
  onEnd(facts);
}
