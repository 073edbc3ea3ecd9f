import { choicesOf } from '#config/baselines.js';
import type { Config } from '#config/schema.js';
import { needsOf } from '#model/account-selector.js';
import { noWaivers } from '#model/waiver.js';
import type { OrganizationRequest, ScopeRequest, WantedAccount } from '#scope/request.js';
import type { RunRequest } from './run-plan.js';

type Asked = Pick<RunRequest, 'config' | 'accounts' | 'regions' | 'excludeRegions' | 'stsRegion'> &
  Partial<Pick<RunRequest, 'baseline' | 'waivers'>>;
type ScopeConfig = NonNullable<Config['scope']>;

/** What flags and config together ask to be scanned; a flag stands over the config. */
export function scopeRequest(request: Asked): ScopeRequest {
  const { regions, excludeRegions, stsRegion } = request;
  const scope = request.config.scope ?? {};
  const { organization } = scope;
  return {
    partition: scope.partition ?? null,
    stsRegion: stsRegion ?? null,
    organization: organizationRequest(request),
    accounts: wantedAccounts(scope, request.accounts),
    entry: {
      role: organization?.role ?? scope.role ?? null,
      through: organization?.through ?? scope.through ?? null,
      externalId: organization?.externalId ?? scope.externalId ?? null,
      sessionName: organization?.sessionName ?? scope.sessionName ?? null,
      durationSeconds: organization?.durationSeconds ?? scope.durationSeconds ?? null,
    },
    regions: [...new Set(regions.length > 0 ? regions : (scope.regions?.include ?? []))],
    excludeRegions: [...excludeRegions, ...(scope.regions?.exclude ?? [])],
  };
}

/** What assignments and requirements say of accounts decides too what has to be asked of the organisation. */
function organizationRequest({ config, baseline, accounts, waivers = noWaivers }: Asked): OrganizationRequest | null {
  const organization = config.scope?.organization;
  if (organization === undefined) return null;
  const { include = [], exclude = [], listRole = null } = organization;
  const assigned = baseline === undefined ? (config.assign ?? []).flatMap((each) => choicesOf(each.accounts)) : [];
  const baselines = Object.values(config.baselines ?? {});
  const required = [config, ...baselines].flatMap(({ cmkRequired = [] }) => cmkRequired.flatMap(({ paths = [] }) => paths));
  const waived = [...waivers.waivers, ...waivers.attestations].flatMap(({ path = [] }) => path);
  const byPath = [...required, ...waived].map((path) => ({ path }));
  return { listRole, include, exclude, only: accounts, needs: needsOf([...include, ...exclude, ...assigned, ...byPath]) };
}

function wantedAccounts({ accounts = [] }: ScopeConfig, flagged: readonly string[]): readonly WantedAccount[] {
  const configured = accounts.map((account) =>
    typeof account === 'string' ? { id: account, ...unnamed } : { ...unnamed, ...definedOf(account) },
  );
  // An account named twice would be two cells that write one file.
  const byId = new Map(configured.map((account) => [account.id, account]));
  const named = [...new Set(flagged)].map((id) => byId.get(id) ?? { id, ...unnamed });
  return named.length > 0 ? named : [...byId.values()];
}

const unnamed = { name: null, role: null, profile: null, path: null, namePath: null, tags: {} };

/** Without the fields that the config leaves out, which must not hide what stands for them. */
function definedOf<T extends object>(given: T): { [F in keyof T]-?: Exclude<T[F], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
