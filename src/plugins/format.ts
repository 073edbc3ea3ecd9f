import { z } from 'zod';
import { AtrestError } from '#model/errors.js';
import type { ReportFormat } from '#model/report.js';
import { formatNames, reportFormats } from '#reports/index.js';
import { isFunction } from './shape.js';

/** A format as a plugin writes it. */
const GivenFormat = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9.-]*$/, 'a name is one word in lower case: house-csv'),
  file: z.string().regex(/^report\.[A-Za-z0-9][A-Za-z0-9.-]*$/, 'a file is named report. and something: report.house.csv'),
  render: isFunction,
});

/** Checks what a plugin exports as a report format. `before` are those of plugins loaded earlier; `where` is named in errors. */
export async function formatOfPlugin(
  given: unknown,
  where: string,
  plugin: string,
  before: readonly ReportFormat[],
): Promise<ReportFormat> {
  const parsed = GivenFormat.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new AtrestError('config', `${where}: this is not a format: ${path}${issue?.message ?? 'it is something else'}`);
  }
  const { name, file } = parsed.data;
  const render = parsed.data.render as ReportFormat['render'];
  const builtIn = await Promise.all(formatNames.map((each) => reportFormats[each]()));
  for (const taken of [...builtIn, ...before]) {
    if (taken.name === name) throw new AtrestError('config', `${where}: there is a format ${name} already`);
    if (taken.file === file) throw new AtrestError('config', `${where}: the format ${taken.name} writes ${file} already`);
  }
  return { name, file, render: (source) => pieces(() => render(source), `The format ${name} of the plugin ${plugin}`) };
}

/** What a format of others throws, or yields beside text, is said to be its own. */
async function* pieces(render: () => AsyncIterable<unknown> | Iterable<unknown>, whose: string): AsyncGenerator<string> {
  try {
    for await (const piece of render()) {
      if (typeof piece !== 'string') throw new TypeError(`it yields ${typeof piece} where text is expected`);
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof AtrestError) throw cause;
    throw new AtrestError('internal', `${whose} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
