import { readFile } from 'node:fs/promises';
import { parseChecked } from '#config/checked-yaml.js';
import { KnownFile, type KnownFinding } from '#gate/known.js';
import { compareFindings } from '#gate/order.js';
import { writePieces } from '#inventory/lines.js';
import { exists, reasonOf } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';

/** Accepted findings by id. */
export type KnownFindings = ReadonlyMap<string, KnownFinding>;

/** Reads a file of accepted findings. Rejects what is malformed, with file:line:column. */
export async function readKnown(file: string): Promise<KnownFindings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new AtrestError('config', `Cannot read ${file}: ${reasonOf(cause)}`, {
      hint: 'Write it with `atrest known write RUN --out FILE`.',
      cause,
    });
  }
  const known = parseKnown(text, file);
  const byId = new Map(known.map((each) => [each.id, each]));
  if (byId.size === known.length) return byId;
  const { locate } = parseChecked(text, file, KnownFile);
  const twice = known.findIndex(({ id }, index) => known.findIndex((each) => each.id === id) < index);
  throw new AtrestError('config', `${locate(['known', twice])}: ${known[twice]?.id ?? ''} is listed twice`);
}

/** As JSON, which is fast; as YAML, which also knows where things are, when that fails. */
function parseKnown(text: string, file: string): readonly KnownFinding[] {
  const parsed = KnownFile.safeParse(jsonOf(text));
  return parsed.success ? parsed.data.known : parseChecked(text, file, KnownFile).value.known;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same, or none where there is no file yet. */
export async function readKnownIfThere(file: string): Promise<KnownFindings> {
  return (await exists(file)) ? readKnown(file) : new Map();
}

/** A finding a line, in report order, so that a change of one is a change of one line. */
export async function writeKnown(file: string, known: Iterable<KnownFinding>): Promise<void> {
  const sorted = [...known].sort(compareFindings);
  try {
    await writePieces(file, piecesOf(sorted));
  } catch (cause) {
    throw new AtrestError('output', `Cannot write ${file}: ${reasonOf(cause)}`, { cause });
  }
}

async function* piecesOf(known: readonly KnownFinding[]): AsyncGenerator<string> {
  yield '{\n  "version": 1,\n  "known": [';
  let separator = '\n    ';
  for (const { id, rule, account, region, kind, resource, severity, level, firstSeen } of known) {
    yield separator + JSON.stringify({ id, rule, account, region, kind, resource, severity, level, firstSeen });
    separator = ',\n    ';
  }
  yield known.length === 0 ? ']\n}\n' : '\n  ]\n}\n';
}
