import type { RunResult } from '#index.js';
import { waiverWarnings } from './waiver-text.js';

/** Of waivers; the rest is counted. */
const warningsMax = 10;

/** What a person wants to know at the end: verdict first, then gaps, then where the reports are. */
export function summaryText(
  { header, exitCode, files, resume, shut = [], history }: RunResult,
  show = { exitCode: true },
): string {
  const { summary, run, coverage, scope, errors } = header;
  const fails = Object.entries(summary.bySeverity).filter(([, { fail }]) => fail > 0);
  const total = fails.reduce((sum, [, { fail }]) => sum + fail, 0);
  const unknown = Object.values(summary.bySeverity).reduce((sum, each) => sum + each.unknown, 0);
  const score = summary.score === null ? 'n/a' : `${(Math.floor(summary.score * 1000) / 10).toFixed(1)} %`;
  const closed = scope.accounts.filter(({ state }) => state === 'skipped');
  const lines = [
    `${plural(summary.resources, 'resource')} in ${plural(scope.accounts.filter(({ state }) => state === 'scanned').length, 'account')} and ${plural(scope.regions.length, 'region')}.`,
    total === 0
      ? 'No findings.'
      : `${plural(total, 'finding')}: ${fails.map(([severity, { fail }]) => `${String(fail)} ${severity}`).join(', ')}. Score ${score}.`,
  ];
  if (closed.length > 0) {
    const states = [...new Set(closed.map(({ reason }) => reason ?? 'closed'))].sort();
    lines.push(`${plural(closed.length, 'account')} skipped: ${states.join(', ')}.`);
  }
  if (summary.waived > 0) lines.push(`${plural(summary.waived, total === 0 ? 'finding' : 'more finding')} waived.`);
  if (unknown > 0) lines.push(`${plural(unknown, 'verdict')} unknown, because something could not be read.`);
  const { pass = 0, fail = 0 } = summary.attested ?? {};
  if (pass + fail > 0) lines.push(`${String(pass + fail)} of them attested: ${String(pass)} pass, ${String(fail)} fail.`);
  const warnings = waiverWarnings(header.waivers ?? []);
  lines.push(...warnings.slice(0, warningsMax));
  if (warnings.length > warningsMax)
    lines.push(`And ${String(warnings.length - warningsMax)} more on waivers: see the report, or atrest waivers check.`);
  if (!run.complete) {
    const gaps = coverage.filter(({ state }) => state !== 'complete' && state !== 'skipped');
    lines.push(`INCOMPLETE: ${plural(gaps.length, 'cell')} not fully read:`);
    const said = gapTexts(gaps);
    lines.push(...said.slice(0, 5));
    if (said.length > 5) lines.push(`  and ${String(said.length - 5)} more, see the report`);
  }
  for (const { id, reason } of shut)
    lines.push(`Account ${id} could not be entered again (${reason ?? 'closed'}): what had not been read of it stays unread.`);
  if (resume !== null) lines.push(`The run ended before everything was read. Finish it with: ${resume}`);
  if (errors.length > 0) lines.push(`${plural(errors.length, 'rule error')}: see the report, and please report it.`);
  for (const [format, file] of Object.entries(files)) lines.push(`${format}: ${file}`);
  if (typeof history?.stored === 'string') lines.push(`history: ${history.stored}`);
  if (history !== undefined && history.removed.length > 0)
    lines.push(`${plural(history.removed.length, 'older run')} removed from the history.`);
  if (show.exitCode) lines.push(`Exit code ${String(exitCode)}: ${meaning(exitCode, run.complete)}.`);
  return `${lines.join('\n')}\n`;
}

/** A line for what fails alike in one account and region. */
function gapTexts(gaps: RunResult['header']['coverage']): readonly string[] {
  const alike = new Map<string, string[]>();
  for (const { account, region, service, state, reason } of gaps) {
    const why = `${state}${reason === null ? '' : ` (${reason})`}`;
    const id = JSON.stringify([`${account}/${region}`, why]);
    alike.set(id, [...(alike.get(id) ?? []), service]);
  }
  return [...alike].map(([id, services]) => {
    const [place, why] = JSON.parse(id) as [string, string];
    return `  ${place}/${services.join(',')} ${why}`;
  });
}

/** The same for a program. */
export function summaryJson({ header, exitCode, files, resume, shut, history }: RunResult): string {
  const { run, summary, waivers } = header;
  return `${JSON.stringify({ run: run.id, complete: run.complete, exitCode, summary, waivers, files, resume, shut, history })}\n`;
}

/** What kept the run from its history, and how to store it later; empty when nothing did. */
export function historyProblem({ history }: RunResult, out: string): string {
  if (history === undefined || history.problem === null) return '';
  const { target, problem } = history;
  const hint = problem.hint === null ? '' : `  ${problem.hint}\n`;
  return `atrest: The run was not stored in ${target}: ${problem.message}\n${hint}  ${out} holds all of it. Store it later: atrest history ${target} --add ${out}\n`;
}

function meaning(exitCode: number, complete: boolean): string {
  if (exitCode === 0) return 'clean';
  if (exitCode === 1) return 'findings at or above --fail-on';
  if (exitCode === 3) return complete ? 'the run is not stored in its history' : 'the run is not complete';
  if (exitCode === 130) return 'ended by a signal';
  return 'a rule threw';
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
