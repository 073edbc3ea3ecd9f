import type { Finding, ReportHeader, RuleCounts, RuleRow } from '#model/report.js';
import { severities } from '#model/severity.js';
import { compareText } from '#model/place.js';
import { rankOf, type Digest } from '../digest.js';
import { groupBy } from '../group-by.js';
import { limits } from '../limits.js';
import { anchor } from '../text.js';
import { accountNames, kindName, own } from './names.js';
import type { Texts } from '../texts/index.js';

/** A fact that was not read; `owner` is the account of a foreign key. */
interface MissingView extends Omit<NonNullable<Finding['missing']>[number], 'account'> {
  readonly owner: string | null;
}

/** A finding as its template reads it. */
export interface FindingView {
  readonly anchor: string;
  readonly verdict: string;
  readonly severity: string;
  readonly name: string;
  /** Null where the rule looks at one kind alone. */
  readonly kind: string | null;
  /** The severity is not the rule's own. */
  readonly deviates: boolean;
  readonly message: string;
  /** What waivers and attestations say of it. */
  readonly said: readonly {
    readonly label: string;
    readonly expired: boolean;
    readonly badge: string;
    readonly text: string;
    readonly source: string;
  }[];
  readonly resource: string;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly key: Finding['key'];
  readonly evidence: readonly { readonly name: string; readonly value: string }[];
  readonly missing: readonly MissingView[];
  /** How to fix it, as far as its group does not say it. */
  readonly fix: Fix | null;
}

interface Fix {
  readonly text: string | null;
  readonly cli: string | null;
  readonly terraform: string | null;
}

/** The findings of a rule in one account and region. */
export interface PlaceView {
  readonly anchor: string;
  readonly account: string;
  readonly region: string;
  readonly count: number;
  readonly findings: readonly FindingView[];
}

/** The findings of a rule. */
export interface GroupView {
  readonly anchor: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly why: string;
  readonly source: string;
  readonly kinds: string;
  readonly controls: readonly { readonly framework: string; readonly ids: string }[];
  readonly counts: RuleCounts;
  readonly cut: string | null;
  readonly open: boolean;
  /** How to fix all of them, as far as that is the same. */
  readonly fix: Fix | null;
  readonly places: readonly PlaceView[];
}

export function groupAnchor(rule: string): string {
  return anchor('g', rule);
}

/** Of rules with findings: their group, or where none of them is written out their line in the summary by rule. */
export function ruleTarget({ shown }: Digest): (rule: string) => string {
  const withGroup = new Set(shown.map(({ rule }) => rule));
  return (rule) => (withGroup.has(rule) ? groupAnchor(rule) : lineAnchor(rule));
}

export function lineAnchor(rule: string): string {
  return anchor('r', rule);
}

export function placeAnchor(rule: string, account: string, region: string): string {
  return anchor('p', rule, account, region);
}

/** The groups, worst first; a group is built when the page has come to it. */
export function* groupsOf(header: ReportHeader, { shown }: Digest, texts: Texts): Generator<GroupView> {
  const rules = new Map(header.rules.map((rule) => [rule.id, rule]));
  const names = accountNames(header);
  const groups = [...groupBy(shown, ({ rule }) => rule)].map(([rule, findings]) => ({
    rule,
    findings,
    rank: Math.min(...findings.map(rankOf)),
    fail: own(header.summary.byRule, rule)?.fail ?? 0,
  }));
  let opened = 0;
  for (const { rule, findings } of groups.toSorted((a, b) => a.rank - b.rank || b.fail - a.fail || compareText(a.rule, b.rule))) {
    const open = shown.length <= limits.openFindings || opened + findings.length <= limits.openFirst;
    opened += findings.length;
    yield groupOf(rules.get(rule) ?? ruleOf(rule, findings), own(header.summary.byRule, rule), findings, { names, open, texts });
  }
}

/** A stand-in for a rule that the header does not list. */
function ruleOf(id: string, findings: readonly Finding[]): RuleRow {
  const severity = severities.find((name) => findings.some((finding) => finding.severity === name)) ?? 'info';
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return { id, title: id, severity, kinds, why: '', source: '', controls: {}, offIn: [] };
}

function groupOf(
  rule: RuleRow,
  known: RuleCounts | undefined,
  findings: readonly Finding[],
  { names, open, texts }: { readonly names: (id: string) => string; readonly open: boolean; readonly texts: Texts },
): GroupView {
  const counts = known ?? { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 };
  const shared = sharedFix(findings);
  const actionable = counts.fail + (counts.waived ?? 0) + counts.unknown;
  const shown = findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown').length;
  return {
    anchor: groupAnchor(rule.id),
    rule: rule.id,
    title: rule.title.trim() === '' ? rule.id : rule.title,
    severity: rule.severity,
    why: rule.why,
    source: rule.source,
    kinds: rule.kinds.map((kind) => kindName(texts, kind, 2)).join(', '),
    controls: Object.entries(rule.controls).map(([framework, ids]) => ({ framework, ids: ids.join(', ') })),
    counts,
    cut: shown < actionable ? texts.findings.shown(shown, actionable) : null,
    open,
    fix: shared,
    places: [...groupBy(findings, ({ account, region }) => JSON.stringify([account, region])).values()].map((here) =>
      placeOf(rule, here, names, { shared, texts }),
    ),
  };
}

interface InGroup {
  readonly shared: Fix | null;
  readonly texts: Texts;
}

function placeOf(rule: RuleRow, findings: readonly Finding[], names: (id: string) => string, group: InGroup): PlaceView {
  const { account, region } = findings[0] as Finding;
  return {
    anchor: placeAnchor(rule.id, account, region),
    account: names(account),
    region,
    count: findings.length,
    findings: findings.map((finding) => findingOf(finding, rule, group)),
  };
}

/** The same with less of each finding: without its evidence and the commands that fix it. */
export function brief(place: PlaceView): PlaceView {
  const less = (finding: FindingView) => {
    const text = finding.fix?.text ?? null;
    return { ...finding, evidence: [], fix: text === null ? null : { text, cli: null, terraform: null } };
  };
  return { ...place, findings: place.findings.map(less) };
}

/** Most findings of a rule are fixed in the same way: what they have in common is written once. */
function sharedFix(findings: readonly Finding[]): Fix | null {
  const [first, ...rest] = findings.map(({ remediation }) => remediation);
  if (!first || rest.length === 0) return null;
  const same = (part: keyof Fix) => (rest.every((each) => each?.[part] === first[part]) ? first[part] : null);
  return fixOf({ text: same('text'), cli: same('cli'), terraform: same('terraform') });
}

function fixOf(fix: Fix): Fix | null {
  return fix.text === null && fix.cli === null && fix.terraform === null ? null : fix;
}

function ownFix(fix: Fix | null, shared: Fix | null): Fix | null {
  if (fix === null || shared === null) return fix;
  const own = (part: keyof Fix) => (shared[part] === null ? fix[part] : null);
  return fixOf({ text: own('text'), cli: own('cli'), terraform: own('terraform') });
}

function findingOf(finding: Finding, rule: RuleRow, { shared, texts }: InGroup): FindingView {
  const { id, verdict, severity, name, kind, message, resource, expected, actual, key, evidence, missing, remediation } = finding;
  return {
    anchor: anchor('f', id),
    verdict,
    severity,
    name: name.trim() === '' ? resource : name,
    kind: rule.kinds.length === 1 && rule.kinds[0] === kind ? null : kindName(texts, kind),
    deviates: severity !== rule.severity,
    message,
    said: saidOf(finding, texts),
    resource,
    expected,
    actual,
    key,
    evidence: Object.entries(evidence).map(([field, value]) => ({ name: field, value: valueText(value) })),
    missing: (missing ?? []).map(({ account, ...rest }) => ({ ...rest, owner: account ?? null })),
    fix: ownFix(remediation, shared),
  };
}

function saidOf({ waiver, attestation }: Finding, { findings, verdicts }: Texts): FindingView['said'] {
  const { labels } = findings;
  const said: FindingView['said'][number][] = [];
  if (waiver !== null) {
    const { state, reason, owner, ticket, approvedBy, expires, source } = waiver;
    const who = [owner, ticket, approvedBy === null ? null : findings.approvedBy(approvedBy)].filter((each) => each !== null);
    const expired = state === 'expired';
    const valid = expires === null ? findings.waivedBadge : findings.waivedUntil(expires);
    const badge = expired ? findings.waiverExpired(expires ?? '') : valid;
    said.push({ label: expired ? labels.expired : labels.waived, expired, badge, text: [reason, ...who].join(' · '), source });
  }
  if (attestation !== null) {
    const { state, result, reason, attestedBy, attestedOn, evidence, expires, source } = attestation;
    const why = [reason, evidence].filter((each) => each !== null);
    const expired = state === 'expired';
    const verdict = verdicts[result];
    const valid = expires === null ? findings.attestedBadge(verdict) : findings.attestedUntil(verdict, expires);
    const badge = expired ? findings.attestationExpired(expires ?? '') : valid;
    said.push({
      label: expired ? labels.expired : labels.attested,
      expired,
      badge,
      text: [findings.attestedBy(attestedBy, attestedOn), ...why].join(' · '),
      source,
    });
  }
  return said;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return 'undefined';
  const line = JSON.stringify(value);
  return line.length > 72 ? JSON.stringify(value, null, 2) : line;
}
