import { shapes } from '../templates/icons.js';

/** By sign the verdicts, states and outcomes that carry it. */
const signed: Partial<Record<keyof typeof shapes, readonly string[]>> = {
  fail: ['fail', 'failed'],
  unknown: ['unknown'],
  pass: ['pass', 'part'],
  'not-applicable': ['not-applicable', 'nothing'],
  error: ['error'],
  complete: ['complete', 'scanned'],
  partial: ['partial', 'waived', 'changed'],
  denied: ['denied'],
  unreachable: ['unreachable'],
  skipped: ['skipped', 'not-covered'],
};

const every = selector(Object.values(signed).flat(), '::before');

/** The signs of verdicts and states: in a page of hundreds of them, markup would say each anew. */
export const signs = `
${every}{content:"";flex:none;align-self:center;width:1em;height:1em;background:currentColor;-webkit-mask:var(--sign) center/100% no-repeat;mask:var(--sign) center/100% no-repeat;print-color-adjust:exact;-webkit-print-color-adjust:exact}
${Object.entries(signed)
  .map(([sign, names]) => `${selector(names)}{--sign:url("${addressOf(shapes[sign as keyof typeof shapes])}")}`)
  .join('\n')}
@media (forced-colors:active){
${every}{background:CanvasText;forced-color-adjust:none}
a ${every},a${every}{background:LinkText}
}
`;

function selector(names: readonly string[], part = ''): string {
  return `:is(.v,.c):is(${names.map((name) => `.${name}`).join(',')})${part}`;
}

function addressOf(shape: string): string {
  const text = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${shape.replaceAll('"', "'")}</svg>`;
  return `data:image/svg+xml,${text.replaceAll('<', '%3C').replaceAll('>', '%3E')}`;
}
