import type { ScriptTexts } from '../texts/script.js';
import { grouped } from '../text.js';
import type { FieldWords } from './fields.js';

/** The texts in the page's language, which stand in the page before this script. */
export const texts = taken('texts') as ScriptTexts;

function taken(id: string): unknown {
  const block = document.getElementById(id);
  block?.remove();
  return JSON.parse(block?.textContent ?? 'null');
}

/** A text with what is put in for its names in braces. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return woven(text, values).join('');
}

/** The parts of a text, with what is put in for its names in braces: elements, too. */
export function woven<Value>(text: string, values: Readonly<Record<string, Value>>): (string | Value)[] {
  return text.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : (values[part] ?? '')));
}

const rules = new Intl.PluralRules(texts.lang);

/** `1 finding`, `2 findings`. */
export function countedFindings(count: number): string {
  return filled(texts.findings[rules.select(count)] ?? texts.findings.other, { count: grouped(count) });
}

const { none, valid, expired } = texts.filter;
/** What the values of the fields are called. */
export const fieldWords: FieldWords = {
  verdict: texts.verdicts,
  severity: texts.severities,
  ou: { none },
  control: { none },
  waiver: { none, valid, expired },
  attested: { ...texts.verdicts, none, expired },
  change: { ...texts.changes, none },
  // Of findings that name no key nothing is known of a level.
  level: { ...texts.levels, none },
  key: { none },
};
