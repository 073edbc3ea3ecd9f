import { CallFailed } from '#aws/ask.js';
import { causeOf } from '#aws/failure.js';
import type { Place } from '#model/place.js';
import { attemptFacet, recordOf, uncollected, type FacetState, type Kind, type ResourceRecord } from '#model/resources/index.js';
import { BrokenChain, missingOf, type CellCalls, type Together, type WholeSource } from './cell-calls.js';
import {
  AbsentField,
  type AnyKind,
  type CallFacet,
  type Each,
  type Known,
  type Part,
  type Sdk,
  type Source,
  type Target,
} from './service.js';

/** What reading a facet needs of the cell it is in. */
export interface FacetReader {
  readonly place: Place;
  readonly calls: CellCalls;
  /** How many objects of each bucket are looked at. */
  readonly sample: number;
  asked(kind: Kind): ReadonlySet<string>;
  whole(source: Source): Promise<WholeSource>;
  single(kind: Kind): Promise<ResourceRecord>;
}

type AnyCallFacet = CallFacet<Sdk, Kind, unknown>;

/** Reads every facet asked of one resource, those in `settled` apart, each as soon as what it leans on is known. */
export async function readFacets(
  cell: FacetReader,
  kind: AnyKind,
  target: Target,
  listed: { readonly item: unknown; readonly call: number },
  settled: Readonly<Record<string, FacetState>>,
): Promise<ResourceRecord> {
  const { arn, name, region } = target;
  const reading = new ResourceReading(cell, kind, target, listed, settled);
  const states: Record<string, FacetState> = {};
  // In the kind's own order, so that a record reads the same whatever rules asked for it.
  for (const facet of Object.keys(kind.facets)) {
    if (!cell.asked(kind.kind).has(facet)) continue;
    const state = reading.facet(facet);
    states[facet] = state instanceof Promise ? await state : state;
  }
  const named = kind.named?.(knownOf(recordOf(kind.kind, target, states), () => undefined).own);
  const record = recordOf(kind.kind, { arn, name: named ?? name, region }, states);
  return reading.gone ? { ...record, gone: true } : record;
}

class ResourceReading {
  readonly #cell: FacetReader;
  readonly #kind: AnyKind;
  readonly #target: Target;
  readonly #listed: { readonly item: unknown; readonly call: number };
  readonly #states = new Map<string, FacetState | Promise<FacetState>>();
  gone = false;

  constructor(
    cell: FacetReader,
    kind: AnyKind,
    target: Target,
    listed: { readonly item: unknown; readonly call: number },
    settled: Readonly<Record<string, FacetState>>,
  ) {
    this.#cell = cell;
    this.#kind = kind;
    this.#target = target;
    this.#listed = listed;
    for (const [name, state] of Object.entries(settled)) this.#states.set(name, state);
    // Independent calls of one resource go out together.
    for (const [name, facet] of Object.entries(kind.facets)) {
      if (facet.by === 'list' || !cell.asked(kind.kind).has(name)) continue;
      // A stopped run rejects all of them; the one that is awaited first reports it.
      Promise.resolve(this.facet(name)).catch(() => undefined);
    }
  }

  facet(name: string): FacetState | Promise<FacetState> {
    const found = this.#states.get(name);
    if (found !== undefined) return found;
    const state = this.#read(name);
    this.#states.set(name, state);
    return state;
  }

  #read(name: string): FacetState | Promise<FacetState> {
    const facet = this.#kind.facets[name];
    if (facet === undefined) throw new Error(`${this.#kind.kind} has no facet ${name}`);
    switch (facet.by) {
      case 'list':
        return this.#value(name, facet.project(this.#listed.item, this.#cell.place), this.#listed.call, null);
      case 'source':
        return this.#fromSource(name, facet.source, facet.index);
      case 'call':
        return this.#fromCall(name, facet);
    }
  }

  async #fromSource(name: string, source: Source, index: (items: readonly never[]) => LookUp): Promise<FacetState> {
    const whole = await this.#cell.whole(source);
    const lookUp = indexOnce(whole, index);
    // A chain that broke off may have named this resource on a page that was not read.
    if (whole.gap !== null)
      return { state: 'unread', missing: { ...whole.gap.missing, facet: this.#id(name) }, call: whole.gap.call };
    return this.#value(name, lookUp(this.#target, this.#listed.item as never), whole.pages[0]?.call ?? null, source);
  }

  async #fromCall(name: string, facet: AnyCallFacet): Promise<FacetState> {
    for (const other of facet.after) await this.facet(other);
    const known = await this.#known(facet);
    const decided = await decide(facet, known, (other) => this.facet(other));
    if (decided !== 'ask') return decided;
    if (this.gone) return { state: 'skipped', reason: 'deleted since it was listed' };
    return facet.each === undefined ? this.#ask(name, facet) : this.#askEach(name, facet, facet.each);
  }

  async #ask(name: string, facet: AnyCallFacet): Promise<FacetState> {
    try {
      const { output, call } = await this.#answer(facet);
      return this.#value(name, facet.project(output as never), call, facet);
    } catch (error) {
      if (error instanceof BrokenChain)
        return { state: 'unread', missing: missingOf(facet, this.#id(name), error.code, 'unreachable'), call: error.call };
      if (!(error instanceof CallFailed)) throw error;
      const { failure, call } = error as CallFailed & { call: number };
      if (facet.absent.includes(failure.code)) return { state: 'absent', call };
      if (facet.gone.includes(failure.code)) this.gone = true;
      return { state: 'unread', missing: missingOf(facet, this.#id(name), failure.code, causeOf(failure)), call };
    }
  }

  /** The facet is unread where nothing was read of any item, and partly read where something was read of some. */
  async #askEach(name: string, facet: AnyCallFacet, each: Each<Kind>): Promise<FacetState> {
    const list = await this.facet(each.of);
    const items = list.state === 'read' ? (list.value as readonly string[]) : [];
    const together: Together = {};
    const parts = await Promise.all(items.map((item) => this.#askPart(name, facet, { each, item, together })));
    const gaps = parts.flatMap((part) => ('missing' in part ? [part.missing] : []));
    const from = together.first === undefined ? callOf(list) : { call: together.first };
    const [missing] = gaps;
    if (missing === undefined) return { state: 'read', value: facet.project(parts as never), ...from };
    if (gaps.length === parts.length) return { state: 'unread', missing, ...from };
    return { state: 'read', value: facet.project(parts as never), partly: missing, ...from };
  }

  async #askPart(
    name: string,
    facet: AnyCallFacet,
    { each, item, together }: { readonly each: Each<Kind>; readonly item: string; readonly together: Together },
  ): Promise<Part<object>> {
    const { answers } = each;
    const subject = { ...this.#target, sample: this.#cell.sample, item };
    const request = (client: never, sdk: never) => facet.request(client, sdk, subject);
    try {
      const { output } = await this.#cell.calls.one(facet, subject.region, answers, request, together);
      return { item, output };
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const { failure } = error;
      if (answers.includes(failure.code)) return { item, code: failure.code };
      return { item, missing: missingOf(facet, this.#id(name), failure.code, causeOf(failure)) };
    }
  }

  #answer(facet: AnyCallFacet): Promise<{ output: unknown; call: number }> {
    const { calls } = this.#cell;
    const { region } = this.#target;
    const subject = { ...this.#target, sample: this.#cell.sample, item: '' };
    const accepts = [...facet.absent, ...facet.gone];
    const request = (client: never, sdk: never, token?: string) => facet.request(client, sdk, subject, token);
    const { pages } = facet;
    return pages === undefined
      ? calls.one(facet, region, accepts, request)
      : calls.list({ ...facet, pages }, region, accepts, request);
  }

  #value(name: string, value: unknown, call: number | null, operation: { operation: string; action: string } | null): FacetState {
    if (value instanceof AbsentField) {
      const { operation: called, action } = operation ?? { operation: null, action: null };
      return {
        state: 'unread',
        missing: { facet: this.#id(name), operation: called, action, code: value.field, cause: 'absent-field' },
        ...(call !== null && { call }),
      };
    }
    if (value === null) return call === null ? { state: 'absent' } : { state: 'absent', call };
    return call === null ? { state: 'read', value } : { state: 'read', value, call };
  }

  #id(facet: string): string {
    return `${this.#kind.kind}/${facet}`;
  }

  /** Awaits what `settle` may look at, so that it can look at it without waiting. */
  async #known(facet: AnyCallFacet): Promise<Known> {
    const own: Record<string, FacetState> = {};
    const singles = new Map<string, ResourceRecord>();
    const asked = this.#cell.asked(this.#kind.kind);
    for (const name of facet.mayLookAt) if (asked.has(name)) own[name] = await this.facet(name);
    for (const name of [...facet.after, ...facet.looksAt]) {
      const slash = name.indexOf('/');
      if (slash < 0) own[name] = await this.facet(name);
      else {
        const kind = name.slice(0, slash) as Kind;
        singles.set(kind, await this.#cell.single(kind));
      }
    }
    return knownOf(recordOf(this.#kind.kind, this.#target, own), (kind) => singles.get(kind));
  }
}

/** What `settle` sees, from a record as far as it is known: while crawling, and again when a plan is made from an inventory. */
export function knownOf(record: ResourceRecord, single: (kind: Kind) => ResourceRecord | undefined): Known {
  return {
    own: (facet) => attemptFacet(record, facet as never),
    single: (other, facet) => {
      const found = single(other);
      return found === undefined ? { known: false, missing: [uncollected(other, facet)] } : attemptFacet(found, facet as never);
    },
  };
}

/** Whether a facet is asked, and what it is without asking. */
export async function decide(
  facet: AnyCallFacet,
  known: Known,
  own: (facet: string) => FacetState | Promise<FacetState>,
): Promise<FacetState | 'ask'> {
  const settled = facet.settle?.(known);
  if (settled === 'ask') return 'ask';
  if (settled !== undefined) {
    if ('skip' in settled) return { state: 'skipped', reason: settled.skip };
    return { state: 'read', value: settled.value, ...callOf(await own(settled.from)) };
  }
  for (const name of facet.after) {
    const state = await own(name);
    if (state.state === 'unread' || state.state === 'skipped') return state;
  }
  return 'ask';
}

function callOf(state: FacetState): { readonly call?: number } {
  return state.state === 'skipped' || state.call === undefined ? {} : { call: state.call };
}

type LookUp = (target: Target, listed: never) => unknown;
const indexes = new WeakMap<WholeSource, Map<unknown, LookUp>>();

/** A chain is indexed once, however many resources look something up in it. */
function indexOnce(whole: WholeSource, index: (items: readonly never[]) => LookUp): LookUp {
  let made = indexes.get(whole);
  if (made === undefined) indexes.set(whole, (made = new Map<unknown, LookUp>()));
  let lookUp = made.get(index);
  if (lookUp === undefined) made.set(index, (lookUp = index(whole.items as readonly never[])));
  return lookUp;
}
