import Handlebars from 'handlebars';
import { severities } from '#model/severity.js';
import { cellStates } from '#model/coverage.js';
import { counted, grouped, partsOf, visible } from './text.js';

const { SafeString, escapeExpression } = Handlebars;

const verdictWords = new Map([
  ['fail', 'fail'],
  ['unknown', 'unknown'],
  ['pass', 'pass'],
  ['not-applicable', 'not applicable'],
  ['error', 'rule error'],
]);
/** States of accounts look like verdicts and states of cells that mean the same. */
const iconOfState = new Map([
  ['failed', 'fail'],
  ['scanned', 'complete'],
]);
const icons = new Set<string>([...verdictWords.keys(), ...severities, ...cellStates, 'more']);

function marked(text: string, block: boolean): string {
  if (text.trim() === '') return '<span class="esc">blank</span>';
  let html = '';
  for (const part of partsOf(text, block)) {
    const escaped = escapeExpression(part.text);
    html += part.unseen ? `<span class="esc">${escaped}</span>` : escaped;
  }
  return html;
}

/** Text of ASCII alone runs left to right, as all around it does: most names are such, and need no element. */
function apart(text: string): string {
  const html = marked(text, false);
  return /^[ -~]*$/.test(text) ? html : `<bdi>${html}</bdi>`;
}

function icon(name: string): string {
  const symbol = iconOfState.get(name) ?? name;
  return icons.has(symbol) ? `<svg class="i" aria-hidden="true"><use href="#i-${symbol}"></use></svg>` : '';
}

/** The address when it is https without credentials, else undefined: nothing else may become a link. */
export function httpsUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
}

/**
 * Everything that a template may print goes through one of these. Values come from outside: names, tags, error texts.
 */
export const helpers = {
  /** Text for people, on one line. */
  text: (text: string) => new SafeString(marked(text, false)),
  /** A name or a sentence that quotes one: kept apart from its surroundings, whatever its direction. */
  name: (text: string) => new SafeString(apart(text)),
  /** Text of several lines for `<pre>`. */
  block: (text: string) => new SafeString(marked(text, true)),
  /** Text where no markup may stand: attributes and the title. */
  plain: (text: string) => visible(text),
  /** An element's id or a class: made by us. */
  ref: (text: string) => text,
  num: (count: number) => grouped(count),
  /** A count as a cell of a table; zero stands back. */
  cell: (count: number) => new SafeString(`<td class="${count === 0 ? 'z' : 'n'}">${grouped(count)}</td>`),
  counted: (count: number, singular: string) => counted(count, singular),
  icon: (name: string) => new SafeString(icon(name)),
  severity: (name: string) => new SafeString(`<span class="s ${escapeExpression(name)}">${marked(name, false)}</span>`),
  verdict: (name: string) =>
    new SafeString(
      `<span class="v ${escapeExpression(name)}">${icon(name)}${marked(verdictWords.get(name) ?? name, false)}</span>`,
    ),
  state: (name: string) => new SafeString(`<span class="c ${escapeExpression(name)}">${icon(name)}${marked(name, false)}</span>`),
  /** A link to an https address; anything else stays text. */
  link: (address: string, label: string) => {
    const url = httpsUrl(address);
    if (url === undefined) return new SafeString(apart(address));
    return new SafeString(`<a href="${escapeExpression(url)}">${marked(label, false)}</a>`);
  },
} as const;

/** How every template is compiled; a test parses the templates by the same rules. */
export const compileOptions = {
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(Object.keys(helpers).map((name) => [name, true])),
} as const;

const environment = Handlebars.create();
environment.registerHelper(helpers);

/** A template that is compiled when it is first used; `View` is all it may read. */
export function template<View>(text: string): (view: View) => string {
  let compiled: ((view: View) => string) | undefined;
  return (view) => {
    compiled ??= environment.compile<View>(dense(text), compileOptions);
    return compiled(view);
  };
}

/** The text without the indentation that only its authors need. */
export function dense(text: string): string {
  return text
    .replaceAll(/^[ \t]+/gm, '')
    .replaceAll(/\n+/g, '\n')
    .replace(/^\n/, '');
}
