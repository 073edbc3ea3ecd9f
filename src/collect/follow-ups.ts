import { CallFailed } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';
import { causeOf } from '#aws/failure.js';
import { CellWriter, cellPath, type CellFooter } from '#inventory/cell-file.js';
import type { FollowUpKey } from '#inventory/follow-up-plan.js';
import type { Missing } from '#model/attempt.js';
import { recordOf, type FacetState, type Kind } from '#model/resources/index.js';
import type { CellCoverage } from '#model/coverage.js';
import { CellCalls, missingOf } from './cell-calls.js';
import { CellLedger } from './ledger.js';
import { AbsentField, type CallFacet, type Sdk, type ServiceSpec } from './service.js';

/** Keys of one region, asked by their ARN with one account's credentials. */
export interface FollowUpJob {
  /** Whose credentials ask. */
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly credentials: CredentialProvider;
  /** Whether they are the caller's own. */
  readonly ownCredentials: boolean;
  readonly keys: readonly FollowUpKey[];
  /** Accounts in the scope: a refusal by any other is a fact, not a gap. */
  readonly scope: ReadonlySet<string>;
}

/** Asks each facet once per distinct ARN and writes the answers to a cell of their own. */
export async function crawlFollowUps(
  job: FollowUpJob,
  kms: ServiceSpec,
  connection: Connection,
  run: string,
): Promise<CellCoverage> {
  const { account, region, partition, credentials, ownCredentials } = job;
  const cell = { account, region, service: 'kms' as const };
  const path = cellPath(run, cell, '.followups');
  const writer = new CellWriter(path, { cell: '1.0', ...cell, partition, asked: { 'kms.key': askedOf(job) } });
  const ledger = new CellLedger();
  const caller = { ...cell, homeRegion: region, credentials, ownCredentials };
  const calls = new CellCalls(caller, kms, connection, ledger, (line) => {
    writer.call(line);
  });
  try {
    await Promise.all(
      job.keys.map(async ({ arn, owner, facets }) => {
        const target = { arn, name: arn.slice(arn.indexOf('/') + 1), region, id: arn };
        const foreign = !job.scope.has(owner);
        const states = await Promise.all(
          facets.map(async (facet) => [facet, await askFacet(calls, facet, facetOf(kms, facet), target, foreign)] as const),
        );
        const record = recordOf('kms.key', target, Object.fromEntries(states));
        ledger.record(record);
        writer.resource(record);
      }),
    );
    let footer: CellFooter | undefined;
    await writer.close(
      () =>
        (footer = {
          footer: true,
          ...cell,
          ...ledger.state([]),
          operations: ledger.operations(),
          lists: [],
          unread: ledger.unread(),
          sources: [],
        }),
    );
    if (footer === undefined) throw new Error('The cell was closed without a footer');
    return footer;
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

function askedOf({ keys }: FollowUpJob): readonly string[] {
  return [...new Set(keys.flatMap(({ facets }) => facets))].sort();
}

function facetOf(kms: ServiceSpec, name: string): CallFacet<Sdk, Kind, unknown> {
  const facet = kms.kinds.find(({ kind }) => kind === 'kms.key')?.facets[name];
  if (facet?.by !== 'call') throw new Error(`kms.key/${name} is not asked key by key`);
  return facet;
}

async function askFacet(
  calls: CellCalls,
  name: string,
  facet: CallFacet<Sdk, Kind, unknown>,
  target: { arn: string; name: string; region: string; id: string },
  foreign: boolean,
): Promise<FacetState> {
  const unread = (missing: Missing, call: number) => ({ state: 'unread' as const, missing, call });
  try {
    // A refusal by another account is what was to be found out; NotFoundException is the owner's proof that the key is gone.
    const { output, call } = await calls.one(
      facet,
      target.region,
      ['NotFoundException', ...(foreign ? ['AccessDeniedException'] : [])],
      (client, sdk) => facet.request(client, sdk, { ...target, sample: 0, item: '' }),
    );
    const value = facet.project(output as never);
    if (value instanceof AbsentField) return unread(missingOf(facet, `kms.key/${name}`, value.field, 'absent-field'), call);
    return { state: 'read', value, call };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { failure, call } = error as CallFailed & { call: number };
    const cause = foreign || failure.code === 'NotFoundException' ? 'foreign' : causeOf(failure);
    return unread(missingOf(facet, `kms.key/${name}`, failure.code, cause), call);
  }
}
