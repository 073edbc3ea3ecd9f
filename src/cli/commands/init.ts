import { AtrestError } from '#index.js';
import { defaultConfig } from '../configured.js';
import type { Io } from '../io.js';
import { initialConfig } from '../init-config.js';

/** Writes a commented config to start from; never over one that is there. */
export async function initCommand({ out = defaultConfig }: { readonly out?: string }, io: Io): Promise<number> {
  try {
    await io.createText(out, initialConfig);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new AtrestError('output', `${out} is there already`, { hint: 'Name another file with --out.', cause });
    throw new AtrestError('output', `Cannot write ${out}: ${code ?? message}`, { cause });
  }
  io.err(`${out}: a config that changes nothing yet. Edit it, then \`atrest plan\` says what a scan would do.\n`);
  return 0;
}
