import { AtrestError, doctor, type Config } from '#index.js';
import { configuredBy } from '../configured.js';
import type { Io } from '../io.js';

interface DoctorFlags {
  readonly config?: string;
  readonly stsRegion?: string;
  readonly json?: boolean;
}

const marks = { ok: 'ok', warning: 'warning', problem: 'PROBLEM', unknown: 'unknown' } as const;

export async function doctorCommand(flags: DoctorFlags, io: Io): Promise<number> {
  const configured = await configCheck(flags, io);
  const { checks, exitCode } = await doctor({
    connection: { signal: io.signal },
    partition: configured.config?.scope?.partition ?? null,
    stsRegion: flags.stsRegion,
    folder: '.',
    nodeVersion: process.versions.node,
    clock: () => new Date(),
  });
  const all = [configured.check, ...checks];
  if (flags.json === true) io.out(`${JSON.stringify({ checks: all }, null, 2)}\n`);
  else
    for (const { name, state, says, hint } of all) {
      io.out(`${marks[state].padEnd(8)} ${name.padEnd(12)} ${says.replaceAll('\n', `\n${' '.repeat(22)}`)}\n`);
      if (hint !== null) io.out(`${' '.repeat(22)}${hint}\n`);
    }
  return configured.check.state === 'problem' ? 2 : exitCode;
}

async function configCheck(flags: DoctorFlags, io: Io) {
  const check = (state: 'ok' | 'problem', says: string, hint: string | null = null) =>
    ({ name: 'config', state, says, hint }) as const;
  try {
    const { config } = await configuredBy(flags, io);
    const { scope, baselines = {} } = config;
    const accounts = scope?.organization === undefined ? (scope?.accounts?.length ?? 'the caller’s') : 'the organisation’s';
    const own = Object.keys(baselines).length;
    return {
      config: config as Config | undefined,
      check: check('ok', `accounts: ${String(accounts)}; baselines of its own: ${String(own)}`),
    };
  } catch (error) {
    if (!(error instanceof AtrestError)) throw error;
    return { config: undefined, check: check('problem', error.message, error.hint ?? null) };
  }
}
