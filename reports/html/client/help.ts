import { button, el } from './dom.js';
import { fieldHelp } from './fields.js';

const keys: readonly (readonly [string, string])[] = [
  ['/', 'go to the filter'],
  ['j k or arrows', 'next and previous line; the open finding follows'],
  ['Enter', 'open the finding, or open and close the group'],
  ['Esc', 'close the finding, or clear the filter when it has the focus'],
  ['?', 'this help'],
];

const examples: readonly (readonly [string, string])[] = [
  ['verdict:fail severity:critical,high', 'fails that are critical or high'],
  ['region:eu-* -account:sandbox', 'in Europe, but not in the account sandbox'],
  ['rule:s3/* orders', 'what rules on S3 say of anything that holds the word orders'],
  ['name "two words"', 'words stand anywhere: name, ARN, message, title, reason; quotes keep them together'],
  ['key:*1234abcd*', 'all that is encrypted under a key'],
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
      el('h3', { id: 'help-title' }, 'Help'),
      button('Close', () => dialog.close()),
    ),
    el('h4', {}, 'The filter'),
    el(
      'p',
      {},
      'Every part must hold. A comma is an or, a star stands for anything, a minus before a part means not. Letter case does not matter.',
    ),
    list(examples),
    el('h4', {}, 'Fields'),
    list(fieldHelp.map(({ name, help }) => [`${name}:`, help])),
    el('h4', {}, 'Keys'),
    list(keys),
    el('h4', {}, 'Links'),
    el(
      'p',
      {},
      'The address of the page holds the filter, the groups, the order and the open finding. Ids of findings stay the same from run to run.',
    ),
  );
  return dialog;
}
