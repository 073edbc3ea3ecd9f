import type { GateResult, GatingFinding, KnownOutcome } from '#index.js';
import { plural, printable } from './text.js';

/** How many findings and gaps are shown. */
const shownMax = 10;

/** Why the gate says what it says: verdict first, then what fails it, what does not count, and what to do. */
export async function gateText(
  result: GateResult,
  names: { readonly run: string; readonly known: string | undefined },
): Promise<string> {
  const { exitCode, gating, gaps, header } = result;
  const lines = [`${headline(result)} (run ${header.run.id}${result.against === null ? '' : `, against ${result.against}`})`];
  if (gating > 0) {
    const first = await worstOf(result);
    lines.push(`In ${accountsText(result)}:`);
    for (const { finding, reason } of first) {
      const { severity, rule, account, region, resource, message } = finding;
      lines.push(`  ${severity.padEnd(8)} ${rule}  ${resource}  (${account}/${region})`);
      lines.push(`           ${message}${reason === null ? '' : ` [${reason}]`}`);
    }
    if (gating > first.length) lines.push(`  and ${String(gating - first.length)} more; --json has them all`);
  }
  lines.push(...notCounted(result, names.known));
  if (gaps.length > 0) {
    lines.push(`${plural(gaps.length, 'cell')} not fully read:`);
    for (const { account, region, service, state, reason } of gaps.slice(0, shownMax))
      lines.push(`  ${account}/${region}/${service} ${state}${reason === null ? '' : ` (${reason})`}`);
    if (gaps.length > shownMax) lines.push(`  and ${String(gaps.length - shownMax)} more; --json has them all`);
  }
  if (header.errors.length > 0)
    lines.push(`${plural(header.errors.length, 'rule error')}: see the report, and please report it.`);
  lines.push(...nextSteps(result, names));
  lines.push(`Exit code ${String(exitCode)}.`);
  return `${lines.map(printable).join('\n')}\n`;
}

/** The worst findings that fail the gate, in report order within a severity. Reads no further than it has to. */
async function worstOf({ findings, bySeverity }: GateResult): Promise<readonly GatingFinding[]> {
  const found = new Map<string, { readonly room: number; readonly some: GatingFinding[] }>();
  let left = shownMax;
  for (const [severity, count] of Object.entries(bySeverity)) {
    const room = Math.min(count, left);
    if (room > 0) found.set(severity, { room, some: [] });
    left -= room;
  }
  let open = shownMax - left;
  for await (const each of findings()) {
    const { room = 0, some = [] } = found.get(each.finding.severity) ?? {};
    if (some.length === room) continue;
    some.push(each);
    open -= 1;
    if (open === 0) break;
  }
  return [...found.values()].flatMap(({ some }) => some);
}

function headline({ exitCode, gating, bySeverity, gaps }: GateResult): string {
  const counts = Object.entries(bySeverity).map(([severity, count]) => `${String(count)} ${severity}`);
  const failed = gating === 0 ? '' : `${plural(gating, 'finding')} (${counts.join(', ')})`;
  switch (exitCode) {
    case 0:
      return gaps.length === 0 ? 'Gate passed' : 'Gate passed, although not everything was read';
    case 1:
      return `Gate failed: ${failed}`;
    case 3:
      return 'Gate undecided: nothing that was read fails it, but not everything was read';
    case 70:
      return `Gate undecided: a rule threw${failed === '' ? '' : `, and ${failed} would fail it`}`;
  }
}

function accountsText({ byAccount, header }: GateResult): string {
  const named = Object.entries(byAccount).map(([id, count]) => {
    const name = header.scope.accounts.find((account) => account.id === id)?.name ?? null;
    return `${id}${name === null ? '' : ` ${name}`}: ${String(count)}`;
  });
  const more = named.length > shownMax ? `, and ${String(named.length - shownMax)} more accounts` : '';
  return `${named.slice(0, shownMax).join(', ')}${more}`;
}

/** What waivers, accepted findings and thresholds took away, and what has come back. */
function notCounted({ weights, thresholds, lapsed, stale, settings }: GateResult, known: string | undefined): readonly string[] {
  const parts = [
    ...(weights.waived > 0 ? [`${String(weights.waived)} waived`] : []),
    ...(weights.accepted > 0 ? [`${String(weights.accepted)} accepted in ${known ?? ''}`] : []),
    ...(weights.attested > 0 ? [`${String(weights.attested)} attested to pass`] : []),
    ...thresholds.flatMap(({ name, max, count }) =>
      count > 0 && count <= max ? [`${String(count)} of ${name}, of which ${String(max)} may be`] : [],
    ),
    ...(weights.gap > 0 && settings.unknown === 'ignore' ? [`${String(weights.gap)} unknown, ignored`] : []),
  ];
  const over = thresholds.filter(({ count, max }) => count > max);
  return [
    ...(parts.length === 0 ? [] : [`Not counted: ${parts.join('; ')}.`]),
    ...over.map(({ name, count, max }) => `${name} has ${plural(count, 'finding')}, more than the ${String(max)} that may be.`),
    ...(lapsed === 0 ? [] : [`The waivers of ${plural(lapsed, 'finding')} have EXPIRED: they count again.`]),
    ...(stale.length === 0
      ? []
      : [`${plural(stale.length, 'accepted finding')} of ${known ?? ''} no longer occur:`, ...staleLines(stale)]),
  ];
}

function staleLines(stale: KnownOutcome['stale']): readonly string[] {
  const lines = stale.slice(0, shownMax).map(({ rule, resource }) => `  ${rule}  ${resource}`);
  return stale.length > shownMax ? [...lines, `  and ${String(stale.length - shownMax)} more; --json has them all`] : lines;
}

function nextSteps(
  { exitCode, stale }: GateResult,
  { run, known }: { run: string; known: string | undefined },
): readonly string[] {
  const prune = stale.length === 0 ? [] : [`Take them out: atrest known prune ${run} --file ${known ?? ''}`];
  switch (exitCode) {
    case 0:
      return prune;
    case 1:
      return [...prune, `Mend them, waive them with a reason, or accept them as they are: atrest known write ${run}`];
    case 3:
      return [...prune, 'Allow what was denied, or attest what cannot be read; --allow-incomplete passes without it.'];
    case 70:
      return prune;
  }
}

/** The same for a program, with every finding that fails the gate. */
export async function* gateJson(result: GateResult): AsyncGenerator<string> {
  const { header, exitCode, against, settings, gating, bySeverity, byAccount, weights, thresholds, lapsed, stale, gaps } = result;
  const head = {
    run: header.run.id,
    against,
    exitCode,
    complete: header.run.complete,
    settings,
    gating,
    bySeverity,
    byAccount,
    notCounted: { waived: weights.waived, accepted: weights.accepted, attested: weights.attested },
    unknown: { withGap: weights.gap, withoutGap: weights.unknown },
    thresholds,
    waiversExpired: lapsed,
    stale,
    gaps: gaps.map(({ account, region, service, state, reason }) => ({ account, region, service, state, reason })),
    errors: header.errors,
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "findings": [`;
  let separator = '\n    ';
  for await (const { finding, isNew, reason } of result.findings()) {
    yield `${separator}${JSON.stringify({ ...finding, isNew, reason })}`;
    separator = ',\n    ';
  }
  yield separator.startsWith(',') ? '\n  ]\n}\n' : ']\n}\n';
}

/** What became of a file of accepted findings. */
export function knownText({ file, accepted, added, worse, better, pruned, stale }: KnownOutcome, run: string): string {
  const changes = [
    ...(added > 0 ? [`${String(added)} added`] : []),
    ...(worse > 0 ? [`${String(worse)} now worse than before`] : []),
    ...(better > 0 ? [`${String(better)} now better`] : []),
    ...(pruned.length > 0 ? [`${String(pruned.length)} taken out, as they no longer occur`] : []),
  ];
  const lines = [
    `${file}: ${plural(accepted, 'accepted finding')}${changes.length === 0 ? ', nothing changed' : ` (${changes.join(', ')})`}.`,
    ...staleLines(pruned),
  ];
  if (stale.length > 0) {
    lines.push(
      `${plural(stale.length, 'entry', 'entries')} no longer occur. Take them out: atrest known prune ${run} --file ${file}`,
    );
    lines.push(...staleLines(stale));
  }
  return `${lines.map(printable).join('\n')}\n`;
}
