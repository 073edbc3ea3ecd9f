import type { Finding, SeenFacet } from '#model/report.js';
import type { IslandHead } from '../island/columns.js';
import { consoleLink } from './console-link.js';
import { utc, worded } from '../text.js';
import { localTime } from './static.js';
import { button, copyButton, el, outward, put, quoted, severityMark, verdictMark } from './dom.js';
import { attestationText, changeText, waiverText } from './notes.js';
import { filled, texts, woven } from './texts.js';

const words = texts.panel;

type Rule = IslandHead['rules'][number];

/** What the panel needs to know beside the finding. */
export interface PanelContext {
  readonly rule: Rule | undefined;
  readonly account: string;
  readonly path: string | null;
  /** How it stands to an earlier run; null: there is none. */
  readonly change: { readonly run: string; readonly is: string } | null;
  /** When the first run began whose findings are remembered; null: none is. */
  readonly rememberedFrom: string | null;
  /** What was read of the resource; nothing where that is not in the page. */
  readonly seen: readonly SeenFacet[];
  /** Address of the finding in this page. */
  readonly link: string;
}

/** One finding with all that is known of it. It stands beside the list and takes nothing from it. */
export class Panel {
  readonly element = el('aside', { class: 'detail', 'aria-labelledby': 'detail-title', hidden: true });
  readonly #close: () => void;

  constructor(close: () => void) {
    this.#close = close;
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  hide(): void {
    this.element.hidden = true;
    put(this.element);
  }

  /** Puts the focus where reading begins. */
  focus(): void {
    this.element.querySelector<HTMLElement>('h3')?.focus();
  }

  show(finding: Finding, context: PanelContext): void {
    put(
      this.element,
      el(
        'div',
        { class: 'detail-head' },
        el('p', {}, marks(finding)),
        copyButton(() => new URL(context.link, location.href).href, texts.copyLink, words.copyFinding),
        button(texts.close, () => this.#close(), { 'aria-label': words.close, 'aria-keyshortcuts': 'Escape' }),
      ),
      detailOf(finding, context),
    );
    const title = this.element.querySelector('h3');
    title?.setAttribute('id', 'detail-title');
    title?.setAttribute('tabindex', '-1');
    this.element.hidden = false;
    this.element.scrollTop = 0;
  }
}

/** All that is known of a finding, its name first. */
export function detailOf(finding: Finding, context: PanelContext): HTMLElement[] {
  const { rule } = context;
  const parts = [
    el('h3', {}, quoted(finding.name.trim() === '' ? finding.resource : finding.name)),
    el('p', { class: 'message' }, quoted(finding.message)),
    facts(finding, context),
    missing(finding),
    evidence(finding),
    observed(context.seen),
    rule?.why ? section(words.why, el('p', {}, quoted(rule.why))) : null,
    remediation(finding),
    section(
      words.rule,
      el('p', {}, rule ? quoted(rule.title) : null),
      el(
        'p',
        { class: 'command' },
        el('code', {}, quoted(`atrest rules show ${finding.rule}`)),
        copyButton(() => `atrest rules show ${finding.rule}`, texts.copy, words.copyRule),
      ),
      rule?.source ? el('p', {}, outward(rule.source, texts.documentation)) : null,
    ),
  ];
  return parts.filter((part) => part !== null);
}

/** How bad it is, in words and signs. */
export function marks({ verdict, severity }: Finding): HTMLElement[] {
  return [verdictMark(verdict), severityMark(severity)];
}

function section(title: string, ...children: Parameters<typeof el>[2][]): HTMLElement {
  return el('section', {}, el('h4', {}, title), ...children);
}

function facts(finding: Finding, context: PanelContext): HTMLElement {
  const { account, path, rule, change } = context;
  const { resource, key, waiver, attestation } = finding;
  const console = consoleLink(resource, finding.kind, finding.region);
  const controls = Object.entries(rule?.controls ?? {});
  const rows: (readonly [string, ...Parameters<typeof el>[2][]] | null)[] = [
    finding.actual === null ? null : [words.observed, el('strong', {}, quoted(finding.actual))],
    finding.expected === null ? null : [words.expected, quoted(finding.expected)],
    waiver === null
      ? null
      : [
          waiver.state === 'valid' ? words.waived : words.waiver,
          said(waiverText(waiver), waiver.state),
          approval(waiver.approvedBy, waiver.source),
        ],
    attestation === null
      ? null
      : [words.attested, said(attestationText(attestation), attestation.state), approval(null, attestation.source)],
    key === null
      ? null
      : [texts.heads.key, el('code', {}, quoted(key.arn)), ' ', el('span', { class: 'level' }, levelText(key.level))],
    [
      texts.heads.resource,
      el('code', {}, quoted(resource)),
      ' ',
      copyButton(() => resource, texts.copy, words.copyArn),
      console === undefined ? null : [' ', outward(console, words.console)],
    ],
    [texts.fields.kind.title, quoted(finding.kind)],
    [texts.heads.account, quoted(account), path ? [' ', el('small', {}, quoted(path))] : null],
    [texts.heads.region, quoted(finding.region)],
    [texts.heads.baseline, quoted(finding.baseline)],
    controls.length === 0
      ? null
      : [
          words.controls,
          controls.map(([framework, ids]) =>
            el('span', { class: 'control' }, el('b', {}, quoted(framework)), ' ', quoted(ids.join(', '))),
          ),
        ],
    change === null || change.is === ''
      ? null
      : [
          texts.heads.change,
          quoted(changeText(change.is)),
          el('small', {}, ' ', woven(words.against, { run: el('code', {}, quoted(change.run)) })),
        ],
    [words.firstSeen, ...firstSeen(finding, context)],
    finding.lastChanged === undefined ? null : [words.lastChanged, moment(finding.lastChanged)],
    [words.id, el('code', {}, quoted(finding.id))],
  ];
  return el(
    'dl',
    { class: 'pairs' },
    rows.map((row) => (row === null ? null : [el('dt', {}, row[0]), el('dd', {}, ...row.slice(1))])),
  );
}

function said(text: string, state: string): HTMLElement {
  return el('span', {}, state === 'expired' ? el('span', { class: 'said over' }, words.expired) : null, ' ', quoted(text));
}

function approval(approvedBy: string | null, source: string): HTMLElement {
  return el(
    'small',
    {},
    ' ',
    approvedBy === null ? null : [woven(words.approvedBy, { who: quoted(approvedBy) }), ' '],
    quoted(source),
  );
}

function missing({ missing: lacking }: Finding): HTMLElement | null {
  if (lacking === null || lacking.length === 0) return null;
  const rows = lacking.map(({ facet, operation, action, code, cause, account }) =>
    el(
      'tr',
      {},
      el('td', {}, el('code', {}, quoted(operation ?? facet))),
      el('td', {}, action === null ? texts.noAction : el('code', {}, quoted(action))),
      el('td', {}, code === null ? '' : el('code', {}, quoted(code))),
      el(
        'td',
        {},
        worded(texts.causes, cause),
        account === undefined ? null : woven(words.ofAccount, { account: quoted(account) }),
      ),
    ),
  );
  const { operation, action, code, cause } = texts.heads;
  const head = [operation, action, code, cause].map((name) => el('th', { scope: 'col' }, name));
  return section(words.missing, el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows)));
}

function evidence(finding: Finding): HTMLElement | null {
  const fields = Object.entries(finding.evidence);
  if (fields.length === 0) return null;
  const rows = fields.map(([name, value]) =>
    el('tr', {}, el('th', { scope: 'row' }, quoted(name)), el('td', {}, el('code', {}, quoted(valueText(value), true)))),
  );
  return section(words.evidence, el('table', {}, el('tbody', {}, rows)));
}

/** What AWS answered, by which call and when. */
function observed(seen: readonly SeenFacet[]): HTMLElement {
  if (seen.length === 0) {
    const command = el('code', {}, 'atrest evidence sample');
    return el('section', { class: 'unheld' }, el('h4', {}, words.answers), el('p', {}, woven(words.noAnswers, { command })));
  }
  const rows = seen.map(({ facet, value, operation, requestId, date }) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, quoted(facet)),
      el(
        'td',
        {},
        el('code', {}, quoted(value)),
        el('small', {}, quoted(operation), date === null ? null : [', ', quoted(date)]),
        requestId === null ? null : el('small', {}, woven(words.request, { id: el('code', {}, quoted(requestId)) })),
      ),
    ),
  );
  return section(words.answers, el('table', {}, el('tbody', {}, rows)));
}

/** Since when the finding is known, or why nobody knows. */
function firstSeen({ firstSeen: at }: Finding, { change, rememberedFrom }: PanelContext): readonly (Node | string)[] {
  if (at !== undefined) {
    const older = at === rememberedFrom ? el('small', {}, ' ', words.orOlder) : '';
    return [moment(at), older];
  }
  const compared = change === null ? null : seenBy(change);
  const command = el('code', {}, 'atrest scan --history');
  return compared === null ? woven(words.notRemembered, { command }) : [quoted(compared)];
}

/** What a comparison with one earlier run says of it; null: nothing. */
function seenBy({ run, is }: NonNullable<PanelContext['change']>): string | null {
  if (is === '' || is.startsWith('not')) return null;
  if (!is.startsWith('new')) return filled(words.seenBefore, { run });
  return is.startsWith('new: not') ? null : filled(words.seenAfter, { run });
}

/** A time in UTC; on hover, in the reader's zone. */
function moment(at: string): HTMLElement {
  return el('time', { datetime: at, title: localTime(at) }, quoted(`${utc(at)} UTC`));
}

function levelText(level: string | null): string {
  return level === null ? texts.levelNotKnown : worded(texts.levels, level);
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  const line = JSON.stringify(value);
  return line.length > 72 ? JSON.stringify(value, null, 2) : line;
}

function remediation({ remediation: fix }: Finding): HTMLElement | null {
  if (fix === null) return null;
  const code = (title: string, text: string | null) =>
    text === null
      ? null
      : [
          el(
            'h5',
            {},
            title,
            ' ',
            copyButton(() => text, texts.copy, filled(words.copyText, { what: title })),
          ),
          el('pre', {}, quoted(text, true)),
        ];
  return section(words.fix, el('p', {}, quoted(fix.text)), code('AWS CLI', fix.cli), code('Terraform', fix.terraform));
}

/** What a line of the list shows of a finding. */
export function lineCells(
  finding: Pick<Finding, 'verdict' | 'severity' | 'name' | 'resource' | 'kind' | 'region' | 'rule' | 'message'>,
  account: string,
  badges: readonly (string | null)[],
): HTMLElement[] {
  const cell = (name: string, ...children: Parameters<typeof el>[2][]) => el('div', { role: 'cell', class: name }, ...children);
  return [
    cell('l-verdict', verdictMark(finding.verdict), severityMark(finding.severity)),
    cell(
      'l-name',
      el('b', {}, quoted(finding.name.trim() === '' ? finding.resource : finding.name)),
      el(
        'small',
        {},
        quoted(finding.kind),
        badges.map((badge) => (badge === null ? null : [' ', el('span', { class: 'said' }, badge)])),
      ),
    ),
    cell('l-message', el('span', {}, quoted(finding.message)), el('small', {}, quoted(finding.rule))),
    cell('l-place', el('span', {}, quoted(account)), el('small', {}, quoted(finding.region))),
  ];
}

/** A heading in the list; it opens and closes its findings. */
export function groupCells(label: string, note: string, count: string, open: boolean): HTMLElement[] {
  const arrow = el('span', { class: open ? 'arrow open' : 'arrow', 'aria-hidden': 'true' });
  return [
    el(
      'div',
      { role: 'cell', class: 'l-group', 'aria-colspan': 4 },
      arrow,
      el('b', {}, quoted(label)),
      note === '' ? null : el('small', {}, quoted(note)),
      el('span', { class: 'l-count' }, count),
      el('span', { class: 'unseen' }, open ? texts.explorer.open : texts.explorer.closed),
    ),
  ];
}
