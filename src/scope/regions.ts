import { ask, emptyAnswer } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';

/** The regions of an account: those it has enabled, and all that exist in its partition. */
export interface AccountRegions {
  readonly enabled: readonly string[];
  readonly all: readonly string[];
}

const enabledStates = new Set(['opt-in-not-required', 'opted-in']);

/** Asks EC2, never a list of our own, so that a region newer than this version is scanned too. Rejects with CallFailed. */
export async function describeRegions(
  connection: Connection,
  { account, region, credentials }: { account: string; region: string; credentials: CredentialProvider },
): Promise<AccountRegions> {
  const { Client, DescribeRegionsCommand } = await import('./ec2-sdk.js');
  const ec2 = connection.client(Client, region, credentials);
  const { output, meta } = await ask(connection, { account, region }, 'ec2:DescribeRegions', (http) =>
    ec2.send(new DescribeRegionsCommand({ AllRegions: true }), http),
  );
  // Every account has regions: an answer without any must not read as an account without resources.
  if (output.Regions === undefined || output.Regions.length === 0) throw emptyAnswer(meta, 'the answer names no region');
  const named = output.Regions.flatMap(({ RegionName, OptInStatus }) =>
    RegionName === undefined ? [] : [{ RegionName, OptInStatus }],
  );
  return {
    all: named.map(({ RegionName }) => RegionName).sort(),
    enabled: named
      .filter(({ OptInStatus }) => OptInStatus === undefined || enabledStates.has(OptInStatus))
      .map(({ RegionName }) => RegionName)
      .sort(),
  };
}
