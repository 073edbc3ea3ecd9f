import { ask, CallFailed, emptyAnswer } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';

/** The regions of an account: those it has enabled, and all that exist in its partition. */
export interface AccountRegions {
  readonly enabled: readonly string[];
  readonly all: readonly string[];
}

interface Where {
  readonly account: string;
  readonly region: string;
  readonly credentials: CredentialProvider;
}

const enabledStates = new Set(['opt-in-not-required', 'opted-in', 'ENABLED', 'ENABLED_BY_DEFAULT']);
const pageSize = 50;

/**
 * Asks EC2, and where that is denied Account Management: never a list of our own, so that a region newer than this
 * version is scanned too. Rejects with what EC2 said as CallFailed.
 */
export async function accountRegions(connection: Connection, where: Where): Promise<AccountRegions> {
  try {
    return await describeRegions(connection, where);
  } catch (error) {
    if (!(error instanceof CallFailed) || error.failure.class !== 'denied') throw error;
    try {
      return await listRegions(connection, where);
    } catch (second) {
      throw second instanceof CallFailed ? error : second;
    }
  }
}

async function describeRegions(connection: Connection, { account, region, credentials }: Where): Promise<AccountRegions> {
  const { Client, DescribeRegionsCommand } = await import('./ec2-sdk.js');
  const ec2 = connection.client(Client, region, credentials);
  const { output, meta } = await ask(connection, { account, region }, 'ec2:DescribeRegions', () =>
    ec2.send(new DescribeRegionsCommand({ AllRegions: true })),
  );
  // Every account has regions: an answer without any must not read as an account without resources.
  if (output.Regions === undefined || output.Regions.length === 0) throw emptyAnswer(meta, 'the answer names no region');
  return regionsOf(output.Regions.map(({ RegionName, OptInStatus }) => ({ name: RegionName, state: OptInStatus })));
}

async function listRegions(connection: Connection, { account, region, credentials }: Where): Promise<AccountRegions> {
  const { Client, ListRegionsCommand } = await import('./account-sdk.js');
  const client = connection.client(Client, region, credentials);
  const listed: Listed[] = [];
  const seen = new Set<string>();
  for (let token: string | undefined; ;) {
    const request = { MaxResults: pageSize, NextToken: token };
    const { output, meta } = await ask(connection, { account, region }, 'account:ListRegions', () =>
      client.send(new ListRegionsCommand(request)),
    );
    for (const { RegionName, RegionOptStatus } of output.Regions ?? []) listed.push({ name: RegionName, state: RegionOptStatus });
    token = output.NextToken;
    if (token === undefined && listed.length === 0) throw emptyAnswer(meta, 'the answer names no region');
    if (token === undefined) return regionsOf(listed);
    if (seen.has(token)) throw emptyAnswer(meta, 'the list comes back to a page that it gave before');
    seen.add(token);
  }
}

interface Listed {
  readonly name: string | undefined;
  /** Left out, it is one that every account has. */
  readonly state: string | undefined;
}

function regionsOf(listed: readonly Listed[]): AccountRegions {
  const named = listed.flatMap(({ name, state }) => (name === undefined ? [] : [{ name, state }]));
  const enabled = named.filter(({ state }) => state === undefined || enabledStates.has(state));
  return { all: named.map(({ name }) => name).sort(), enabled: enabled.map(({ name }) => name).sort() };
}
