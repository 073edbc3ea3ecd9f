import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { CallFailed } from '#aws/ask.js';
import { Connection, type ConnectionOptions } from '#aws/connection.js';
import { homeRegion } from '#aws/identity.js';
import { networkSettings } from '#aws/agents.js';
import { reasonOf } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { identifyCaller } from '#scope/identify.js';

export interface Check {
  readonly name: 'node' | 'network' | 'credentials' | 'clock' | 'disk';
  readonly state: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly says: string;
  /** What to do about it. */
  readonly hint: string | null;
}

export interface Diagnosis {
  readonly checks: readonly Check[];
  /** 0 nothing stands in the way of a scan, 2 a setting does, 4 there is no identity; the contract's. */
  readonly exitCode: 0 | 2 | 4;
}

export interface DoctorOptions {
  readonly connection: ConnectionOptions;
  readonly partition: string | null;
  readonly stsRegion: string | undefined;
  /** Where run folders would be made. */
  readonly folder: string;
  readonly nodeVersion: string;
  /** The machine's clock. */
  readonly clock: () => Date;
}

/** Requests are refused beyond five minutes: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
const skewRefusedMs = 5 * 60_000;
const skewNotedMs = 60_000;
const shortSessionMs = 60 * 60_000;
/** A run of a million resources takes some 200 MB. */
const scarceBytes = 1_000_000_000;

/** Looks at what a scan stands on, with one call to AWS that changes nothing and needs no permission. */
export async function doctor(options: DoctorOptions): Promise<Diagnosis> {
  const checks: Check[] = [nodeCheck(options.nodeVersion)];
  const network = await settled('network', async () => check('network', 'ok', (await networkSettings()).join('; ')));
  checks.push(network);
  if (network.state === 'problem') checks.push(unchecked('credentials'), unchecked('clock'));
  else checks.push(...(await callerChecks(options)));
  checks.push(await diskCheck(options.folder));
  const bad = (name: Check['name']) => checks.some((each) => each.name === name && each.state === 'problem');
  return { checks, exitCode: bad('network') || bad('disk') ? 2 : bad('credentials') ? 4 : 0 };
}

function check(name: Check['name'], state: Check['state'], says: string, hint: string | null = null): Check {
  return { name, state, says, hint };
}

function unchecked(name: Check['name']): Check {
  return check(name, 'unknown', 'not looked at: AWS could not be asked');
}

/** A step that a setting may break is a problem with what to do about it, not the end of the others. */
async function settled(name: Check['name'], step: () => Promise<Check>): Promise<Check> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof AtrestError) return check(name, 'problem', error.message, error.hint ?? null);
    throw error;
  }
}

function nodeCheck(version: string): Check {
  const major = Number(version.split('.')[0]);
  if (major >= 22) return check('node', 'ok', `Node.js ${version}`);
  return check(
    'node',
    'warning',
    `Node.js ${version}: the AWS SDK leaves it behind in January 2027`,
    'Use Node.js 22 or newer from then on.',
  );
}

async function callerChecks({ connection: how, partition, stsRegion, clock }: DoctorOptions): Promise<readonly Check[]> {
  const connection = await Connection.open(how);
  try {
    const region = stsRegion ?? (await homeRegion(partition ?? undefined));
    const asked = clock();
    try {
      const { identity, credentials } = await identifyCaller(connection, region, partition);
      const { expiration } = await credentials();
      return [
        credentialsCheck(`${identity.arn}, asked in ${region}`, expiration, clock()),
        clockCheck(identity.date, asked, clock()),
      ];
    } catch (error) {
      if (!(error instanceof AtrestError)) throw error;
      const date = error.cause instanceof CallFailed ? error.cause.meta.date : null;
      return [check('credentials', 'problem', error.message, error.hint ?? null), clockCheck(date, asked, clock())];
    }
  } finally {
    connection.close();
  }
}

function credentialsCheck(who: string, expiration: Date | undefined, now: Date): Check {
  if (expiration === undefined) return check('credentials', 'ok', `${who}; they do not expire`);
  const left = expiration.getTime() - now.getTime();
  const says = `${who}; they last ${String(Math.max(0, Math.round(left / 60_000)))} minutes more`;
  if (left >= shortSessionMs) return check('credentials', 'ok', says);
  // Whether the SDK can fetch others when these end, it does not say.
  return check('credentials', 'warning', says, 'A long scan may outlast them; `atrest scan --resume` then goes on with others.');
}

/** AWS's Date has whole seconds and was written some time between question and answer. */
function clockCheck(date: string | null, asked: Date, answered: Date): Check {
  const aws = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(aws)) return unchecked('clock');
  const early = asked.getTime() - (aws + 999);
  const late = aws - answered.getTime();
  const skew = Math.max(early, late, 0);
  const way = early > late ? 'ahead of' : 'behind';
  if (skew < skewNotedMs) return check('clock', 'ok', 'within a minute of AWS’s');
  const says = `${String(Math.round(skew / 1000))} s ${way} AWS’s`;
  const hint = 'Set the clock, by NTP for example: evidence carries its times.';
  if (skew < skewRefusedMs) return check('clock', 'warning', says, hint);
  return check('clock', 'problem', says, `AWS refuses requests that are more than five minutes off. ${hint}`);
}

async function diskCheck(folder: string): Promise<Check> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const says = `${(free / 1e9).toFixed(1)} GB free for run folders`;
    return free >= scarceBytes
      ? check('disk', 'ok', says)
      : check('disk', 'warning', says, 'A run of a million resources takes some 0.2 GB. Name another place with --out.');
  } catch (error) {
    return check('disk', 'problem', `Cannot write here: ${reasonOf(error)}`, 'Name another place with --out.');
  }
}
