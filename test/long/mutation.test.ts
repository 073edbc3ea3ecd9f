import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root, ruleIds } from '../support/rule-files.js';

/** What Stryker's JSON report says of a file. */
interface MutatedFile {
  readonly source: string;
  readonly mutants: readonly {
    readonly mutatorName: string;
    readonly replacement: string;
    readonly status: string;
    readonly location: { readonly start: Position; readonly end: Position };
  }[];
}
interface Position {
  readonly line: number;
  readonly column: number;
}

/** Mutants that are known to survive, and why that is all right. */
const survivors = JSON.parse(readFileSync(`${root}test/long/survivors.json`, 'utf8')) as readonly {
  readonly reason: string;
  readonly mutants: readonly string[];
}[];
const listed = survivors.flatMap(({ mutants }) => mutants);
const services = [...new Set(ruleIds().map((id) => id.slice(0, id.indexOf('/'))))];
const stryker = `${root}node_modules/@stryker-mutator/core/bin/stryker.js`;

test('every survivor has a reason and is of a service', () => {
  for (const { reason } of survivors) expect(reason).toMatch(/^[A-Z].*\.$/);
  for (const mutant of listed) expect(services).toContain(mutant.slice(0, mutant.indexOf('/')));
});

test.each(services)(
  'the tests of the %s rules notice whatever is broken, but for the survivors that are listed',
  (service) => {
    const report = mutate(service);
    const mutants = Object.entries(report).flatMap(([file, { source, mutants }]) =>
      mutants.filter(({ status }) => status !== 'Ignored').map((mutant) => ({ ...mutant, name: nameOf(file, source, mutant) })),
    );
    expect(mutants.length).toBeGreaterThan(0);
    const lived = mutants.filter(({ status }) => status !== 'Killed' && status !== 'Timeout');
    expect(lived.map(({ name }) => name).sort()).toEqual(listed.filter((name) => name.startsWith(`${service}/`)).sort());
    expect(1 - lived.length / mutants.length).toBeGreaterThanOrEqual(0.9);
  },
  2 * 60 * 60 * 1000,
);

function mutate(service: string): Readonly<Record<string, MutatedFile>> {
  const args = [stryker, 'run', '.config/stryker.config.mjs', '--mutate', `rules/${service}/*.ts`];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  expect(status, 'exit code of Stryker').toBe(0);
  const report = JSON.parse(readFileSync(`${root}artifacts/mutation.json`, 'utf8')) as {
    readonly files: Readonly<Record<string, MutatedFile>>;
  };
  return report.files;
}

/** Says which mutant it is without line numbers, which change with every edit. */
function nameOf(file: string, source: string, { replacement, location: { start, end } }: MutatedFile['mutants'][number]): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const line = (lines[0] ?? '').trim();
  const head = lines.map((text, index) => (index === end.line - start.line ? text.slice(0, end.column - 1) : text)).join('\n');
  const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return `${file.slice('rules/'.length)}: ${oneLine(head.slice(start.column - 1))} => ${oneLine(replacement)}, in ${line}`;
}
