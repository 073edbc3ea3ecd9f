import type { ReportFormat } from '#model/report.js';

export { languages } from '#model/language.js';

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
  ocsf: async () => (await import('./ocsf/render.js')).ocsf,
  'ocsf-1.8': async () => (await import('./ocsf/render.js')).ocsf18,
  asff: async () => (await import('./asff/render.js')).asff,
  oscal: async () => (await import('./oscal/render.js')).oscal,
  csv: async () => (await import('./csv/render.js')).csv,
  'controls-csv': async () => (await import('./controls-csv/render.js')).controlsCsv,
  ndjson: async () => (await import('./ndjson/render.js')).ndjson,
} as const satisfies Record<string, () => Promise<ReportFormat>>;

export type FormatName = keyof typeof reportFormats;

/** The names of the formats, in the order in which help texts list them. */
export const formatNames = Object.keys(reportFormats) as FormatName[];

/** True when the text names a format that comes with atrest. */
export function isFormatName(text: string): text is FormatName {
  return Object.hasOwn(reportFormats, text);
}

/** The format of that name among those that come with atrest and `own`, which plugins brought; undefined: there is none. */
export async function formatOf(name: string, own: readonly ReportFormat[] = []): Promise<ReportFormat | undefined> {
  return isFormatName(name) ? reportFormats[name]() : own.find((format) => format.name === name);
}

/** The formats that go to stdout. */
export const stdoutFormats: readonly string[] = ['ndjson'];
