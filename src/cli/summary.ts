import type { RunResult } from '#index.js';

/** What a person wants to know at the end: verdict first, then gaps, then where the reports are. */
export function summaryText({ header, exitCode, files, resume }: RunResult, show = { exitCode: true }): string {
  const { summary, run, coverage, scope, errors } = header;
  const fails = Object.entries(summary.bySeverity).filter(([, { fail }]) => fail > 0);
  const total = fails.reduce((sum, [, { fail }]) => sum + fail, 0);
  const unknown = Object.values(summary.bySeverity).reduce((sum, each) => sum + each.unknown, 0);
  const score = summary.score === null ? 'n/a' : `${(Math.floor(summary.score * 1000) / 10).toFixed(1)} %`;
  const lines = [
    `${plural(summary.resources, 'resource')} in ${plural(scope.accounts.filter(({ state }) => state === 'scanned').length, 'account')} and ${plural(scope.regions.length, 'region')}.`,
    total === 0
      ? 'No findings.'
      : `${plural(total, 'finding')}: ${fails.map(([severity, { fail }]) => `${String(fail)} ${severity}`).join(', ')}. Score ${score}.`,
  ];
  if (unknown > 0) lines.push(`${plural(unknown, 'verdict')} unknown, because something could not be read.`);
  if (!run.complete) {
    const gaps = coverage.filter(({ state }) => state !== 'complete' && state !== 'skipped');
    lines.push(`INCOMPLETE: ${plural(gaps.length, 'cell')} not fully read:`);
    for (const { account, region, service, state, reason } of gaps.slice(0, 5))
      lines.push(`  ${account}/${region}/${service} ${state}${reason === null ? '' : ` (${reason})`}`);
    if (gaps.length > 5) lines.push(`  and ${String(gaps.length - 5)} more, see the report`);
  }
  if (resume !== null) lines.push(`The run ended before everything was read. Finish it with: ${resume}`);
  if (errors.length > 0) lines.push(`${plural(errors.length, 'rule error')}: see the report, and please report it.`);
  for (const [format, file] of Object.entries(files)) lines.push(`${format}: ${file}`);
  if (show.exitCode) lines.push(`Exit code ${String(exitCode)}: ${meaning(exitCode)}.`);
  return `${lines.join('\n')}\n`;
}

/** The same for a program. */
export function summaryJson({ header, exitCode, files, resume }: RunResult): string {
  const { run, summary } = header;
  return `${JSON.stringify({ run: run.id, complete: run.complete, exitCode, summary, files, resume })}\n`;
}

function meaning(exitCode: number): string {
  if (exitCode === 0) return 'clean';
  if (exitCode === 1) return 'findings at or above --fail-on';
  if (exitCode === 3) return 'the run is not complete';
  if (exitCode === 130) return 'ended by a signal';
  return 'a rule threw';
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
