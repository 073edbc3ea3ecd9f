import { createHash, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { z } from 'zod';
import { askedFacets, type Asked } from '#collect/asked.js';
import { serviceSpec } from '#collect/registry.js';
import { assignedBaseline } from '#config/baselines.js';
import { governingLine, type ConfigFile } from '#config/governing-line.js';
import type { Config } from '#config/schema.js';
import type { RunAccount, RunCell, RunDocument, RunHistory, RunOrganization, RunPlugin } from '#inventory/run-folder.js';
import type { ChoosableAccount } from '#model/account-selector.js';
import { compareCells, services, type Service } from '#model/place.js';
import type { Rule } from '#model/rule.js';
import type { Waivers } from '#model/waiver.js';
import { parseTarget } from '#outbound/target.js';
import type { Scope, ScopeAccount } from '#scope/scope.js';
import type { CrawlOptions } from './crawl.js';
import type { FinishOptions } from './finish-run.js';
import { configuredRules, optionsOf, tagUseOf, type Judgement } from './judgement.js';
import { toolVersion } from './version.js';

/** What somebody asks of a scan. */
export interface RunRequest {
  readonly config: Config;
  /** What the waiver files of the config say; left out: it names none. */
  readonly waivers?: Waivers | undefined;
  /** Where the config is written; undefined: in no file that a report could point to. */
  readonly configFile?: ConfigFile | undefined;
  /** Over what the config assigns. */
  readonly baseline: string | undefined;
  /** Frameworks to count beside those of the config. */
  readonly frameworks: readonly string[];
  /** `--rules`; empty: what the baseline turns on. */
  readonly ruleGlobs: readonly string[];
  /** Over those of the config. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly excludeRegions: readonly string[];
  /** Whose STS endpoint is asked, over the home region's. */
  readonly stsRegion?: string | undefined;
  readonly services: readonly Service[];
  /** The clock: `ATREST_NOW`, else undefined for the machine's. */
  readonly now: Date | undefined;
}

/** What a run is to do, as `run.json` remembers it. */
/** `asked`: how it is to report, for a resume; null: it is not to be resumed. */
export function runDocument(
  options: RunRequest,
  scope: Scope,
  judgement: Judgement,
  asked: (FinishOptions & CrawlOptions & { readonly keptIn?: RunHistory | undefined }) | null,
): RunDocument {
  const startedAt = (options.now ?? new Date()).toISOString();
  return {
    schemaVersion: '1.0',
    id: runId(startedAt, options),
    startedAt,
    now: startedAt,
    tool: { name: 'atrest', version: toolVersion },
    clock: options.now === undefined ? clockOf(scope.caller) : null,
    asked: {
      accounts: options.accounts,
      regions: options.regions,
      excludeRegions: options.excludeRegions,
      services: options.services,
      baseline: options.baseline ?? null,
    },
    partition: scope.partition,
    homeRegion: scope.homeRegion,
    stsRegion: options.stsRegion ?? null,
    caller: scope.caller.arn,
    role: options.config.scope?.organization?.role ?? options.config.scope?.role ?? null,
    organization: organizationOf(scope.organization),
    accounts: scope.accounts.map((account): RunAccount => ({
      id: account.id,
      name: account.name,
      path: account.path,
      namePath: account.namePath,
      state: account.state,
      reason: account.reason,
      code: account.code,
      gap: account.gap,
      caller: account.caller?.arn ?? null,
      chain: account.chain,
      baseline: baselineOf(account, options),
      regions: account.regions,
      disabledRegions: account.disabledRegions,
      governedBy: governingLine(account, options),
    })),
    services: options.services.length > 0 ? options.services : services,
    rules: options.ruleGlobs,
    frameworks: frameworksAsked(options),
    plugins: pluginsOf(judgement),
    config: options.config,
    ...(options.waivers && { waivers: options.waivers }),
    cells: planCells(scope.accounts, judgement, options.services),
    options: asked && {
      formats: asked.formats,
      includePass: asked.includePass,
      explain: asked.explain,
      failOn: asked.failOn ?? null,
      allowIncomplete: asked.allowIncomplete,
      ...(asked.language && { language: asked.language }),
      maxRps: asked.connection.maxRps ?? null,
      history: asked.keptIn && remembered(asked.keptIn),
    },
  };
}

/** In whole seconds that have passed, as AWS dates its answers. */
function clockOf({ date, at }: Scope['caller']): NonNullable<RunDocument['clock']> | null {
  const aws = Date.parse(date ?? '');
  if (Number.isNaN(aws)) return null;
  return { aws: new Date(aws).toISOString(), ours: at, aheadSeconds: Math.floor((Date.parse(at) - aws) / 1000) };
}

/** A resume may be called from another folder. */
function remembered({ to, keep, kmsKey, role }: RunHistory): RunHistory {
  return { to: parseTarget(to).kind === 'folder' ? resolve(to) : to, keep, kmsKey, role };
}

/** The organisation as a run remembers it: all its accounts are trusted, those left out of the scope too. */
export function organizationOf(organization: Scope['organization']): RunOrganization | null {
  if (organization === null) return null;
  const { id, managementAccount, accounts } = organization;
  return { id, managementAccount, accounts: accounts.map((account) => account.id).sort() };
}

/** The plugins that judge a run, or have it read something. */
export function pluginsOf(judgement: Judgement): readonly RunPlugin[] {
  const { rules, registry } = judgement;
  const asked = askedOf(judgement);
  const facets = registry.added.filter(({ kind, name }) => asked.get(kind)?.has(name) === true);
  const names = [...new Set([...rules, ...facets].map(({ origin }) => origin))].filter((origin) => origin !== 'built-in');
  return names.map((name) => ({
    name,
    rules: rules.filter(({ origin }) => origin === name).map(({ id }) => id),
    facets: facets.filter(({ origin }) => origin === name).map((facet) => `${facet.kind}/${facet.name}`),
  }));
}

function askedOf(judgement: Judgement, of: (rule: Rule) => boolean = () => true): Asked {
  return askedFacets(configuredRules(judgement).filter(of), judgement.registry.kinds, tagUseOf(judgement));
}

export function baselineOf(account: ChoosableAccount, { baseline, config }: RunRequest): string {
  return baseline ?? assignedBaseline(config.assign, account);
}

export function frameworksAsked({ frameworks, config }: RunRequest): readonly string[] {
  return [...new Set([...(config.frameworks ?? []), ...frameworks])];
}

/** Start time and a random suffix; under a fixed clock a digest of what was asked, so that runs can be compared. */
function runId(startedAt: string, { now, config, ...options }: RunRequest): string {
  const { baseline, ruleGlobs, accounts, regions, waivers } = options;
  const suffix =
    now === undefined
      ? randomBytes(4).toString('hex')
      : createHash('sha256')
          .update(
            JSON.stringify([config, baseline, ruleGlobs, accounts, regions, options.services, ...(waivers ? [waivers] : [])]),
          )
          .digest('hex')
          .slice(0, 8);
  return `${startedAt.slice(0, 19).replaceAll(':', '').replaceAll('-', '')}Z-${suffix}`;
}

function readsObjects({ needs, wants }: Rule): boolean {
  return [...needs, ...wants].some((facet) => facet === 'objects' || facet === 'objectEncryption');
}

const Sampling = z.object({ sample: z.int().min(0) });

/** All that is asked of any account. */
export function askedOfRun(judgement: Judgement): Asked {
  const sampled = [...judgement.baselines.keys()].some((account) => objectsSampled(judgement, account) > 0);
  return sampled ? askedOf(judgement) : askedWithoutObjects(judgement);
}

/** Nothing is asked about the objects of an account whose own baseline does not say so. */
function askedWithoutObjects(judgement: Judgement): Asked {
  return askedOf(judgement, (rule) => !readsObjects(rule));
}

/** How many objects of each bucket of an account the rules on objects ask for, by the option `sample`. */
function objectsSampled(judgement: Judgement, account: string): number {
  const baseline = judgement.baselines.get(account);
  if (baseline === undefined) return 0;
  const samples = judgement.rules
    .filter((rule) => readsObjects(rule) && baseline.rules.has(rule.id))
    .map((rule) => Sampling.safeParse(optionsOf(rule, baseline)).data?.sample ?? 0);
  return Math.max(0, ...samples);
}

/**
 * One cell per account, region and service of which some enabled rule needs something. Global kinds have a cell of
 * their own, one per account.
 */
function planCells(accounts: readonly ScopeAccount[], judgement: Judgement, only: readonly Service[]): readonly RunCell[] {
  const everything = askedOf(judgement);
  const withoutObjects = askedWithoutObjects(judgement);
  const cells: RunCell[] = [];
  for (const service of services) {
    if (only.length > 0 && !only.includes(service)) continue;
    const { kinds } = serviceSpec(judgement.registry, service);
    for (const { id, state, regions } of accounts) {
      if (state !== 'scanned') continue;
      const sample = objectsSampled(judgement, id);
      const asked = sample > 0 ? everything : withoutObjects;
      for (const global of [true, false]) {
        const here = kinds.filter((kind) => (kind.global === true) === global && asked.has(kind.kind));
        if (here.length === 0) continue;
        const facets = Object.fromEntries(here.map(({ kind }) => [kind, [...(asked.get(kind) ?? [])].sort()]));
        const sampled = sample > 0 && here.some(({ kind }) => kind === 's3.bucket') ? { sample } : {};
        const cellRegions = global && regions.length > 0 ? ['global'] : regions;
        for (const region of cellRegions) cells.push({ account: id, region, service, asked: facets, ...sampled });
      }
    }
  }
  return cells.sort(compareCells);
}
