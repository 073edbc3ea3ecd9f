import { packRun } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, type SharedFlags } from '../options.js';

export interface PackFlags extends SharedFlags {
  readonly out: string;
  readonly sign?: string;
}

export async function evidencePackCommand(run: string, flags: PackFlags, io: Io): Promise<number> {
  const catalogue = await catalogueOf(flags);
  const { out, files, manifest, signer, complete } = await packRun({
    catalogue,
    run,
    out: flags.out,
    sign: flags.sign,
    connection: { signal: io.signal },
  });
  io.err(`${out}: ${String(files)} files\n`);
  io.err(`manifest: sha256:${manifest}\n`);
  io.err(
    signer === null
      ? 'UNSIGNED: whoever can write the pack can change it.\n'
      : `signed: ${signer.algorithm}, sha256:${signer.fingerprint}\n`,
  );
  if (!complete) io.err('The run is not complete; the pack says so.\n');
  return 0;
}
