import { CallFailed } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';
import type { Failure } from '#aws/failure.js';
import { CellCalls, listRegion } from '#collect/cell-calls.js';
import { CellLedger } from '#collect/ledger.js';
import type { AnyKind, CallFacet, Operation, Sdk, ServiceSpec, Source, Target } from '#collect/service.js';
import type { CellId } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import { inSmallPages } from './small-pages.js';

/** One service in one account and region, and what the rules of a run ask there. */
export interface ProbeJob extends CellId {
  readonly partition: string;
  readonly homeRegion: string;
  readonly regions: ReadonlySet<string>;
  readonly asked: ReadonlyMap<Kind, ReadonlySet<string>>;
  /** Facets of keys that are asked by ARN, whether or not the cell lists keys. */
  readonly ofKeys: ReadonlySet<string>;
  readonly credentials: CredentialProvider;
}

/** What became of trying an operation. */
export type Outcome = Operation & { readonly region: string } & (
    | { readonly is: 'allowed' }
    | { readonly is: 'denied' | 'unclear'; readonly failure: Failure }
    | { readonly is: 'not-tried'; readonly why: string }
  );

/** A bucket may refuse by its own policy what its neighbour allows. */
const resourcesTried = 5;

/**
 * Ids that no resource has, for services that authorise a call by the ARN before they look for the resource: allowed,
 * the answer is that there is none. EC2 and S3 look first, so there a resource of a listing is needed. No key is ever
 * touched: its own policy would have a say, and AWS managed keys are nobody's to describe.
 */
const nobody: Partial<Record<Kind, string>> = {
  'kms.key': '00000000-0000-4000-8000-000000000000',
  'rds.snapshot': 'atrest-preflight-no-such-snapshot',
  'rds.cluster-snapshot': 'atrest-preflight-no-such-snapshot',
};

/** Tries each operation that the job needs, once. */
export async function probe(job: ProbeJob, spec: ServiceSpec, connection: Connection): Promise<readonly Outcome[]> {
  const probing = new Probing(job, spec, connection);
  for (const kind of spec.kinds) {
    const asked = job.asked.get(kind.kind);
    if (asked !== undefined) {
      await probing.lists(kind, asked);
      await probing.calls(kind, asked);
    }
    if (kind.kind === 'kms.key') await probing.calls(kind, job.ofKeys);
  }
  return probing.outcomes();
}

interface Tried {
  readonly outcome: Outcome;
  readonly output: object | undefined;
}

class Probing {
  readonly #job: ProbeJob;
  readonly #aws: CellCalls;
  readonly #lists = new Map<string, Promise<Tried>>();
  /** By operation and action: S3 has two actions for one operation. */
  readonly #outcomes = new Map<string, Outcome>();

  constructor(job: ProbeJob, spec: ServiceSpec, connection: Connection) {
    this.#job = job;
    // Credentials that end on the way are an answer like any other: there is no run to stop.
    const caller = { ...job, ownCredentials: false };
    this.#aws = new CellCalls(caller, inSmallPages(spec), connection, new CellLedger(), () => undefined);
  }

  outcomes(): readonly Outcome[] {
    return [...this.#outcomes.values()];
  }

  async lists({ sources, facets }: AnyKind, asked: ReadonlySet<string>): Promise<void> {
    const ofFacets = Object.entries(facets).flatMap(([name, facet]) =>
      asked.has(name) && facet.by === 'source' ? [facet.source] : [],
    );
    for (const source of [...sources, ...ofFacets]) if (!this.#has(source)) this.#keep((await this.#list(source)).outcome);
  }

  async calls(kind: AnyKind, asked: ReadonlySet<string>): Promise<void> {
    const facets = Object.entries(kind.facets).flatMap(([name, facet]) =>
      asked.has(name) && facet.by === 'call' ? [[name, facet] as const] : [],
    );
    if (facets.length === 0) return;
    const targets = await this.#targetsOf(kind);
    const values = new Map<string, unknown>();
    for (const [name, facet] of facets) {
      if (this.#has(facet)) continue;
      const { outcome, output } = await this.#call(facet, kind.kind, targets, values);
      this.#keep(outcome);
      const isList = facets.some(([, { each }]) => each?.of === name);
      if (isList && output !== undefined) values.set(name, facet.project(output as never));
    }
  }

  #has({ operation, action }: Operation): boolean {
    return this.#outcomes.has(`${operation} ${action}`);
  }

  #keep(outcome: Outcome): void {
    this.#outcomes.set(`${outcome.operation} ${outcome.action}`, outcome);
  }

  #list(source: Source): Promise<Tried> {
    const found = this.#lists.get(source.name);
    if (found !== undefined) return found;
    const region = listRegion(this.#job);
    const trying = this.#try(source, region, (client, sdk) => source.request(client, sdk, undefined)).then((tried) => {
      const { outcome } = tried;
      const missing = source.offered?.regions.has(region) === false && outcome.is === 'unclear';
      if (!missing || outcome.failure.code !== 'ENOTFOUND') return tried;
      return { ...tried, outcome: notTried(source, region, `AWS does not offer ${source.offered.what} there`) };
    });
    this.#lists.set(source.name, trying);
    return trying;
  }

  /** What calls about one resource are tried on. */
  async #targetsOf(spec: AnyKind): Promise<readonly Target[] | string> {
    const { kind, sources } = spec;
    const region = listRegion(this.#job);
    const place = { account: this.#job.account, partition: this.#job.partition, region };
    const id = nobody[kind];
    if (id !== undefined) return [{ arn: '', name: id, id, region }];
    if (sources.length === 0) {
      const single = spec.identify(undefined, place);
      return single === undefined ? `there is no ${kind}` : [single];
    }
    for (const source of sources) {
      const { outcome, output } = await this.#list(source);
      if (outcome.is === 'not-tried') return outcome.why;
      if (outcome.is !== 'allowed') return `${source.operation} did not answer, so no ${kind} is known`;
      const { items } = source.page(output as never);
      const targets = (items ?? [])
        .flatMap((item) => spec.identify(item, place) ?? [])
        .filter((target) => this.#job.regions.has(target.region));
      // Of buckets everywhere those at hand first.
      const isHere = ({ region: at }: Target) => at === region;
      const ordered = [...targets.filter(isHere), ...targets.filter((target) => !isHere(target))];
      if (ordered.length > 0) return ordered.slice(0, resourcesTried);
    }
    return `there is no ${kind} to try it on`;
  }

  async #call(
    facet: CallFacet<Sdk, Kind, unknown>,
    kind: Kind,
    targets: readonly Target[] | string,
    values: ReadonlyMap<string, unknown>,
  ): Promise<Tried> {
    const untried = (why: string) => ({ outcome: notTried(facet, listRegion(this.#job), why), output: undefined });
    if (typeof targets === 'string') return untried(targets);
    const items = facet.each === undefined ? [''] : (values.get(facet.each.of) as readonly string[] | undefined);
    const item = items?.[0];
    if (item === undefined) return untried(`no ${facet.each?.of ?? 'item'} of the ${kind} is known`);
    let tried: Tried | undefined;
    for (const target of facet.each === undefined ? targets : targets.slice(0, 1)) {
      tried = await this.#try(
        facet,
        target.region,
        (client, sdk) => facet.request(client, sdk, { ...target, sample: 1, item }),
        [...facet.absent, ...(facet.each?.answers ?? []), ...(target.arn === '' ? facet.gone : [])],
        target.arn === '',
      );
      // Who refused was the resource, not the role: another one may not.
      if (tried.outcome.is !== 'denied' || tried.outcome.failure.deniedBy !== 'resource-policy') break;
    }
    return tried ?? untried(`there is no ${kind} to try it on`);
  }

  /** `answers`: codes that come only once a call is authorised. */
  async #try(
    operation: Operation,
    region: string,
    request: Parameters<CellCalls['one']>[3],
    answers: readonly string[] = [],
    isNobody = false,
  ): Promise<Tried> {
    const { operation: name, action } = operation;
    const said = { operation: name, action, region };
    try {
      const { output } = await this.#aws.one(operation, region, answers, request);
      return { outcome: { ...said, is: 'allowed' }, output };
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const { failure } = error;
      if (answers.includes(failure.code) || (isNobody && failure.class === 'not-found'))
        return { outcome: { ...said, is: 'allowed' }, output: undefined };
      // KMS says both in one breath to callers of another account.
      const denied = failure.class === 'denied' && !/does not exist/.test(failure.message);
      return { outcome: { ...said, is: denied ? 'denied' : 'unclear', failure }, output: undefined };
    }
  }
}

function notTried({ operation, action }: Operation, region: string, why: string): Outcome {
  return { operation, action, region, is: 'not-tried', why };
}
