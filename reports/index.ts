import type { ReportFormat } from '#model/report.js';

/** Every report format by name; a format's code is loaded when it is asked for. */
export const reportFormats = {
  json: async () => (await import('./json/render.js')).json,
  html: async () => (await import('./html/render.js')).html,
  md: async () => (await import('./md/render.js')).md,
  github: async () => (await import('./github/render.js')).github,
  prom: async () => (await import('./prom/render.js')).prom,
  sarif: async () => (await import('./sarif/render.js')).sarif,
  junit: async () => (await import('./junit/render.js')).junit,
  gitlab: async () => (await import('./gitlab/render.js')).gitlab,
} as const satisfies Record<string, () => Promise<ReportFormat>>;

export type FormatName = keyof typeof reportFormats;

/** The names of the formats, in the order in which help texts list them. */
export const formatNames = Object.keys(reportFormats) as FormatName[];

/** True when the text names a format. */
export function isFormatName(text: string): text is FormatName {
  return Object.hasOwn(reportFormats, text);
}
