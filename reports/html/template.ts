import Handlebars from 'handlebars';
import { counted, grouped, partsOf, visible, worded } from './text.js';
import { icons } from './templates/icons.js';
import { en } from './texts/en.js';
import type { Texts } from './texts/index.js';

const { SafeString, escapeExpression } = Handlebars;

function marked(text: string, block: boolean, blank = en.blank): string {
  if (text.trim() === '') return `<span class="esc">${escapeExpression(blank)}</span>`;
  let html = '';
  for (const part of partsOf(text, block)) {
    const escaped = escapeExpression(part.text);
    html += part.unseen ? `<span class="esc">${escaped}</span>` : escaped;
  }
  return html;
}

/** Text of ASCII alone runs left to right, as all around it does: most names are such, and need no element. */
function apart(text: string, blank: string): string {
  const html = marked(text, false, blank);
  return /^[ -~]*$/.test(text) ? html : `<bdi>${html}</bdi>`;
}

function icon(name: string): string {
  return icons.has(name) ? `<svg class="i" aria-hidden="true"><use href="#i-${name}"></use></svg>` : '';
}

/** The address when it is https without credentials, else undefined: nothing else may become a link. */
export function httpsUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
}

/**
 * Everything that a template may print goes through one of these. Values come from outside: names, tags, error texts.
 */
function helpersOf(texts: Texts) {
  const { blank } = texts;
  const shown = (words: Readonly<Record<string, string>>, name: string) => marked(worded(words, name), false, blank);
  return {
    /** Text for people, on one line. */
    text: (text: string) => new SafeString(marked(text, false, blank)),
    /** A name or a sentence that quotes one: kept apart from its surroundings, whatever its direction. */
    name: (text: string) => new SafeString(apart(text, blank)),
    /** Text of several lines for `<pre>`. */
    block: (text: string) => new SafeString(marked(text, true, blank)),
    /** Text where no markup may stand: attributes and the title. */
    plain: (text: string) => visible(text),
    /** An element's id or a class: made by us. */
    ref: (text: string) => text,
    num: (count: number) => grouped(count),
    /** A count as a cell of a table; zero stands back. */
    cell: (count: number) => new SafeString(`<td class="${count === 0 ? 'z' : 'n'}">${grouped(count)}</td>`),
    /** The same in a table of class `figs`, whose cells are figures where nothing else is said. */
    fig: (count: number) => new SafeString(`<td${count === 0 ? ' class="z"' : ''}>${grouped(count)}</td>`),
    counted: (count: number, singular: string) => counted(count, singular),
    icon: (name: string) => new SafeString(icon(name)),
    severity: (name: string) =>
      new SafeString(`<span class="s ${escapeExpression(name)}">${shown(texts.severities, name)}</span>`),
    /** The same as a word alone. */
    grade: (name: string) => new SafeString(shown(texts.severities, name)),
    /** Why something was not read. */
    cause: (name: string) => new SafeString(shown(texts.causes, name)),
    level: (name: string) => new SafeString(shown(texts.levels, name)),
    verdict: (name: string) => new SafeString(`<span class="v ${escapeExpression(name)}">${shown(texts.verdicts, name)}</span>`),
    state: (name: string) => new SafeString(`<span class="c ${escapeExpression(name)}">${shown(texts.states, name)}</span>`),
    /** A link to an https address; anything else stays text. */
    link: (address: string, label: string) => {
      const url = httpsUrl(address);
      if (url === undefined) return new SafeString(apart(address, blank));
      return new SafeString(`<a href="${escapeExpression(url)}">${marked(label, false, blank)}</a>`);
    },
  } as const;
}

/** How every template is compiled; a test parses the templates by the same rules. */
export const compileOptions = {
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(Object.keys(helpersOf(en)).map((name) => [name, true])),
} as const;

/** By language, with its words in the helpers. */
const environments = new Map<Texts, typeof Handlebars>();

function environmentOf(texts: Texts): typeof Handlebars {
  const known = environments.get(texts);
  if (known !== undefined) return known;
  const environment = Handlebars.create();
  environment.registerHelper(helpersOf(texts));
  environments.set(texts, environment);
  return environment;
}

/** What a template makes of a view, in a language. */
export interface Template<View> {
  (view: View, texts: Texts): string;
  /** What it is compiled from. */
  readonly source: (texts: Texts) => string;
}

/** A template that is compiled for a language when it is first used in it; `View` is all it may read. */
export function template<View>(source: (t: Texts) => string): Template<View> {
  const compiled = new Map<Texts, (view: View) => string>();
  const render = (view: View, texts: Texts) => {
    const known = compiled.get(texts) ?? environmentOf(texts).compile<View>(dense(source(texts)), compileOptions);
    compiled.set(texts, known);
    return known(view);
  };
  return Object.assign(render, { source });
}

/** The text without the indentation that only its authors need. */
export function dense(text: string): string {
  return text
    .replaceAll(/^[ \t]+/gm, '')
    .replaceAll(/\n+/g, '\n')
    .replace(/^\n/, '');
}
