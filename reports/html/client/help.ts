import { button, el } from './dom.js';
import { fieldNames } from './fields.js';
import { texts } from './texts.js';

const words = texts.help;

const keys: readonly (readonly [string, string])[] = [
  ['/', words.toFilter],
  ['j k ↓ ↑', words.lines],
  ['Enter', words.enter],
  ['Esc', words.escape],
  ['?', words.thisHelp],
];

const examples: readonly (readonly [string, string])[] = [
  ['verdict:fail severity:critical,high', words.severe],
  ['region:eu-* -account:sandbox', words.europe],
  ['rule:s3/* orders', words.words],
  ['orders "team blue"', words.quotes],
  ['key:*1234abcd*', words.key],
];

/** How to ask and which keys there are. */
export function helpDialog(): HTMLDialogElement {
  const list = (pairs: readonly (readonly [string, string])[]) =>
    el(
      'dl',
      { class: 'pairs' },
      pairs.map(([what, means]) => [el('dt', {}, el('code', {}, what)), el('dd', {}, means)]),
    );
  const dialog = el('dialog', { class: 'help', 'aria-labelledby': 'help-title' });
  dialog.append(
    el(
      'div',
      { class: 'detail-head' },
      el('h3', { id: 'help-title' }, words.title),
      button(texts.close, () => dialog.close()),
    ),
    el('h4', {}, words.filter),
    el('p', {}, words.filterText),
    list(examples),
    el('h4', {}, words.fields),
    list(fieldNames.map((name) => [`${name}:`, texts.fields[name].help])),
    el('h4', {}, words.keys),
    list(keys),
    el('h4', {}, words.links),
    el('p', {}, words.linksText),
  );
  return dialog;
}
