import { renderPieces, type Catalogue, type Redaction } from '#index.js';
import type { Io } from './io.js';
import type { SharedFlags } from './options.js';

/** Writes the report of a finished run to stdout, where a format is asked for that goes there. */
export async function reportToStdout(
  format: string | undefined,
  {
    run,
    catalogue,
    flags,
    against,
    redact,
  }: {
    readonly run: string;
    readonly catalogue: Catalogue;
    readonly flags: SharedFlags;
    readonly against?: string | undefined;
    readonly redact?: readonly Redaction[];
  },
  io: Io,
): Promise<void> {
  if (format === undefined) return;
  const { includePass = false, explain = false } = flags;
  await io.outPieces(await renderPieces(format, { catalogue, run, includePass, explain, against, redact }));
}
