import { push, type PushResult } from '#index.js';
import { readConfig } from '../configured.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf } from '../options.js';

interface PushFlags {
  readonly region?: readonly string[];
  readonly role?: string;
  readonly config?: string;
  readonly plugin?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Failures shown in text; JSON has all. */
const failuresShown = 20;

export async function pushCommand(run: string, flags: PushFlags, io: Io): Promise<number> {
  const result = await push({
    catalogue: await catalogueOf(flags),
    run,
    config: flags.config === undefined ? undefined : (await readConfig(flags.config, io)).config,
    role: flags.role,
    regions: flags.region ?? [],
    dryRun: flags.dryRun ?? false,
    now: clockOf(io),
    connection: { signal: io.signal },
  });
  if (flags.json === true) io.out(`${JSON.stringify(result, null, 2)}\n`);
  io.err(textOf(result));
  return result.exitCode;
}

function textOf({ places, dryRun, exitCode }: PushResult): string {
  const sum = (count: (place: PushResult['places'][number]) => number) =>
    places.reduce((total, place) => total + count(place), 0);
  const would = dryRun ? 'would be ' : '';
  const lines = [
    `${String(sum(({ imported }) => imported))} findings ${would}imported, ${String(sum(({ passed }) => passed))} ${would}set to PASSED, ${String(sum(({ archived }) => archived))} ${would}archived; ${String(sum(({ upToDate }) => upToDate))} are there already.`,
  ];
  for (const { account, region, problem } of places) if (problem !== null) lines.push(`${account}/${region}: ${problem}`);
  const failures = places.flatMap(({ account, region, problem, failures: failed }) =>
    // What failed with the whole place is said above.
    failed.filter(({ message }) => message !== problem).map((failure) => ({ ...failure, place: `${account}/${region}` })),
  );
  for (const { place, id, code, message } of failures.slice(0, failuresShown)) lines.push(`${place}: ${id}: ${code}: ${message}`);
  if (failures.length > failuresShown) lines.push(`and ${String(failures.length - failuresShown)} more; --json has all`);
  if (exitCode !== 0) lines.push(`${String(sum(({ failures: failed }) => failed.length))} findings are not in Security Hub.`);
  return `${lines.join('\n')}\n`;
}
