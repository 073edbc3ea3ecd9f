import { severities } from '#model/severity.js';

/** Shapes that differ without their colour; every icon stands beside a word. */
export const shapes = {
  fail: '<path fill-rule="evenodd" d="M5 1h6l4 4v6l-4 4H5l-4-4V5zm.9 3.8L4.8 5.9 6.9 8l-2.1 2.1 1.1 1.1L8 9.1l2.1 2.1 1.1-1.1L9.1 8l2.1-2.1-1.1-1.1L8 6.9z"/>',
  unknown:
    '<path fill-rule="evenodd" d="M8 .5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zm0 3C6.3 3.5 5.2 4.5 5.1 6h1.6c.1-.7.5-1.1 1.3-1.1.7 0 1.2.4 1.2 1 0 .5-.3.8-.9 1.2-.8.5-1.2 1.1-1.1 2.1v.3h1.5V9.2c0-.5.2-.8.9-1.2.8-.5 1.3-1.1 1.3-2.1 0-1.4-1.2-2.4-2.9-2.4zM8 10.4a1 1 0 1 0 0 2 1 1 0 0 0 0-2z"/>',
  pass: '<path fill-rule="evenodd" d="M8 .5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zm3.3 4.3L7 9.1 4.9 7 3.8 8.1 7 11.3l5.4-5.4z"/>',
  'not-applicable': '<path fill-rule="evenodd" d="M8 .5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zm-4 6.7v1.6h8V7.2z"/>',
  error: '<path fill-rule="evenodd" d="M8 .8 15.6 14.5H.4zm-.8 4.7.2 4.5h1.2l.2-4.5zM8 10.8a1 1 0 1 0 0 2 1 1 0 0 0 0-2z"/>',
  critical: '<path d="M8 .5 15.5 8 8 15.5.5 8z"/>',
  high: '<path d="M8 1.5 15.2 14H.8z"/>',
  medium: '<path d="M2 2h12v12H2z"/>',
  low: '<path d="M8 14.5.8 2h14.4z"/>',
  info: '<path fill-rule="evenodd" d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z"/>',
  complete: '<path d="m13.6 3-7.2 7.4-4-4L1 7.8l5.4 5.4L15 4.4z"/>',
  partial: '<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1.8v10.4a5.2 5.2 0 0 0 0-10.4z"/>',
  denied:
    '<path fill-rule="evenodd" d="M8 .5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM4 4.9a5.2 5.2 0 0 0 7.1 7.1zm.9-.9 7.1 7.1A5.2 5.2 0 0 0 4.9 4z"/>',
  unreachable: '<path d="M9.5.5 2.5 9h4l-1.5 6.5 8-9H8.6z"/>',
  skipped: '<path d="M2.5 7h11v2h-11z"/>',
} as const;

/** Those that stand in the page as elements: beside headlines, warnings and counts. The style draws those of verdicts and states. */
const asElements: readonly (keyof typeof shapes)[] = [
  'fail',
  'pass',
  'not-applicable',
  'error',
  'complete',
  'partial',
  ...severities,
];
export const icons: ReadonlySet<string> = new Set(asElements);

/** The symbols that `<use>` refers to. */
export const sprite = `<svg class="sprite" aria-hidden="true" width="0" height="0">${Object.entries(shapes)
  .filter(([name]) => icons.has(name))
  .map(([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 16 16">${shape.replaceAll('/>', '></path>')}</symbol>`)
  .join('')}</svg>`;

/** The tab's icon, as the only address of the page's own that a browser opens. */
export const favicon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%23223047'/%3E%3Cpath d='M5 7V5.5a3 3 0 0 1 6 0V7h.5v5h-7V7zm1.5 0h3V5.5a1.5 1.5 0 0 0-3 0z' fill='%23fff'/%3E%3C/svg%3E";
