import type { FrameworkRow, ReportFormat, ReportHeader, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { frameworksOf } from '../frameworks.js';
import { backMatterIds } from './ids.js';
import { resultPieces } from './result.js';
import { line, props, time } from './text.js';
import { uuidOf } from './uuid.js';

/** `report.oscal.json`: Assessment Results of OSCAL 1.2.1, a result for each framework of the run. */
export const oscal: ReportFormat = {
  name: 'oscal',
  file: 'report.oscal.json',
  render: (source) => inChunks(pieces(source)),
};

async function* pieces(source: ReportSource): AsyncGenerator<string> {
  const { header } = source;
  const frameworks = frameworksOf(header);
  const { plan } = backMatterIds(header);
  const named = frameworks.map(({ id }) => id);
  yield `{"assessment-results":{"uuid":"${uuidOf('document', header.run.id, header.tool.version, ...named)}",\n`;
  yield `"metadata":${JSON.stringify(metadata(header, frameworks))},\n`;
  yield `"import-ap":{"href":"#${plan}"},\n"results":[`;
  for (const [index, framework] of frameworks.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield* resultPieces(source, framework);
  }
  yield `],\n"back-matter":${JSON.stringify(backMatter(header))}}}\n`;
}

function metadata({ run, tool }: ReportHeader, frameworks: readonly FrameworkRow[]): object {
  return {
    title: line(`Encryption at rest on AWS: ${frameworks.map(({ title, version }) => `${title} ${version}`.trim()).join('; ')}`),
    'last-modified': time(run.finishedAt),
    version: line(run.id),
    'oscal-version': '1.2.1',
    ...props({ tool: tool.name, 'tool-version': tool.version, run: run.id, complete: run.complete ? 'yes' : 'no' }),
  };
}

function backMatter(header: ReportHeader): object {
  const { run, scope } = header;
  const ids = backMatterIds(header);
  const asked = `${String(scope.accounts.length)} accounts in ${scope.regions.length === 0 ? 'no region' : scope.regions.join(', ')}`;
  return {
    resources: [
      {
        uuid: ids.plan,
        title: 'What was to be assessed',
        description: line(`Scope, rules and settings of run ${run.id}: ${asked}. No assessment plan was written in OSCAL.`),
        rlinks: [{ href: 'run.json', 'media-type': 'application/json' }],
      },
      {
        uuid: ids.findings,
        title: 'Findings of the run',
        description: 'Every fail and unknown, and which resources pass which rules, as NDJSON.',
        rlinks: [{ href: 'findings.ndjson.gz', 'media-type': 'application/gzip' }],
      },
    ],
  };
}
