import { scan } from '#index.js';
import type { Io } from '../io.js';
import { defaultConfig } from '../configured.js';
import { formatsOf, historyOf, languageOf, stdoutFormatOf } from '../options.js';
import { requestOf } from '../request.js';
import { reportToStdout } from '../to-stdout.js';
import { watched, type ScanFlags } from '../watched.js';

export async function scanCommand(flags: ScanFlags, io: Io): Promise<number> {
  if (flags.resume !== undefined) return (await import('./resume.js')).resumeCommand(flags.resume, flags, io);
  const asked = languageOf(flags);
  const request = await requestOf(flags, io);
  const stdout = stdoutFormatOf(flags, request.catalogue);
  const history = historyOf(flags.history, { config: request.config, file: flags.config ?? defaultConfig }, io);
  const out = flags.out ?? defaultOut(request.now);
  const exitCode = await watched(out, flags, io, (how) =>
    scan({
      ...request,
      ...how,
      history,
      out,
      formats: formatsOf(flags, request.catalogue),
      failOn: flags.failOn,
      allowIncomplete: flags.allowIncomplete ?? false,
      includePass: flags.includePass ?? false,
      explain: flags.explain ?? false,
      language: asked ?? request.config.lang,
    }),
  );
  await reportToStdout(stdout, { run: out, catalogue: request.catalogue, flags }, io);
  return exitCode;
}

function defaultOut(now: Date | undefined): string {
  return `atrest-runs/${(now ?? new Date()).toISOString().slice(0, 19).replaceAll(':', '').replaceAll('-', '')}Z`;
}
