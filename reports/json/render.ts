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

async function* pieces({ header, findings }: ReportSource): AsyncGenerator<string> {
  yield '{\n';
  for (const key of headerKeys) {
    if (header[key] === undefined) continue;
    yield `  ${JSON.stringify(key)}: `;
    yield* indented(header[key]);
    yield ',\n';
  }
  yield '  "findings": [';
  let separator = '\n    ';
  for await (const finding of findings()) {
    yield separator + JSON.stringify(inOrder(finding));
    separator = ',\n    ';
  }
  yield separator.startsWith(',') ? '\n  ]\n}\n' : ']\n}\n';
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
function inOrder(finding: Finding): object {
  return Object.fromEntries(findingKeys.map((name) => [name, finding[name]]));
}
