import { Finding, ReportHeader, type ReportFormat, type ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';

const headerKeys = Object.keys(ReportHeader.shape) as (keyof ReportHeader)[];
const findingKeys = Object.keys(Finding.shape) as (keyof Finding)[];

/** `report.json`: the header indented, then a line for each finding. */
export const json: ReportFormat = {
  name: 'json',
  file: 'report.json',
  render: (source) => inChunks(pieces(source)),
};

async function* pieces(source: ReportSource): AsyncGenerator<string> {
  const { header } = source;
  yield '{\n';
  for (const key of headerKeys) {
    if (header[key] === undefined) continue;
    yield `  ${JSON.stringify(key)}: `;
    yield* indented(header[key]);
    yield ',\n';
  }
  yield '  "findings": [';
  let separator = '\n    ';
  for await (const findings of texts(source)) {
    if (findings.length === 0) continue;
    yield separator + findings.join(',\n    ');
    separator = ',\n    ';
  }
  yield separator.startsWith(',') ? '\n  ]\n}\n' : ']\n}\n';
}

/** Findings as JSON. Those that are stored as they have to stand here are not read: most of a large report is nothing else. */
async function* texts({ findings, lines }: ReportSource): AsyncGenerator<readonly string[]> {
  let asStored: boolean | undefined;
  for await (const batch of lines?.() ?? []) {
    asStored ??= batch[0] === undefined ? undefined : isInOrder(batch[0]);
    if (asStored === false) break;
    yield batch;
  }
  if (asStored === true) return;
  for await (const finding of findings()) yield [JSON.stringify(inOrder(finding))];
}

/** One version writes all findings of a run, each with the same fields. */
function isInOrder(line: string): boolean {
  const finding = JSON.parse(line) as Finding;
  return JSON.stringify(Object.keys(finding)) === JSON.stringify(findingKeys.filter((key) => finding[key] !== undefined));
}

/** An array goes out element by element: the coverage of a large organisation is no small string. */
function* indented(value: unknown): Generator<string> {
  if (!Array.isArray(value) || value.length === 0) {
    yield JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
    return;
  }
  let separator = '[\n    ';
  for (const element of value) {
    yield separator + JSON.stringify(element, null, 2).replaceAll('\n', '\n    ');
    separator = ',\n    ';
  }
  yield '\n  ]';
}

/** The finding's fields in the contract's order, whatever order it was built in, and no others. */
export function inOrder(finding: Finding): object {
  return Object.fromEntries(findingKeys.map((name) => [name, finding[name]]));
}
