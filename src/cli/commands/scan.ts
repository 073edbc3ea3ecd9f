import { scan } from '#index.js';
import type { Io } from '../io.js';
import { formatsOf } from '../options.js';
import { ProgressDisplay } from '../progress.js';
import { requestOf, type RequestFlags } from '../request.js';
import { summaryJson, summaryText } from '../summary.js';

interface ScanFlags extends RequestFlags {
  readonly out?: string;
}

export async function scanCommand(flags: ScanFlags, io: Io): Promise<number> {
  const request = await requestOf(flags, io);
  const display = flags.quiet === true ? undefined : new ProgressDisplay(io);
  try {
    const result = await scan({
      ...request,
      out: flags.out ?? defaultOut(request.now),
      formats: formatsOf(flags),
      failOn: flags.failOn ?? 'high',
      allowIncomplete: flags.allowIncomplete ?? false,
      includePass: flags.includePass ?? false,
      explain: flags.explain ?? false,
      onProgress: (progress) => display?.show(progress),
    });
    display?.end();
    if (flags.json === true) io.out(summaryJson(result));
    if (flags.quiet !== true) io.err(summaryText(result));
    return result.exitCode;
  } finally {
    display?.end();
  }
}

function defaultOut(now: Date | undefined): string {
  return `atrest-runs/${(now ?? new Date()).toISOString().slice(0, 19).replaceAll(':', '').replaceAll('-', '')}Z`;
}
