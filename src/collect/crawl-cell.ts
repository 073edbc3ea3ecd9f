import { rm } from 'node:fs/promises';
import type { Connection, CredentialProvider } from '#aws/connection.js';
import { CellWriter, cellPath, type CellFooter, type SourceCount } from '#inventory/cell-file.js';
import { EdgeCollector, edgesVersion, lookupsSignature, writeEdges, type LookedUp } from '#inventory/edges-file.js';
import type { CellCoverage, ListCoverage } from '#model/coverage.js';
import type { CellId } from '#model/place.js';
import { facetState, type FacetState, type Kind, type ResourceRecord } from '#model/resources/index.js';
import { CellCalls, listRegion, type WholeSource } from './cell-calls.js';
import { CellLedger } from './ledger.js';
import { readFacets, type FacetReader } from './read-facets.js';
import type { AnyKind, ServiceSpec, Source, Target } from './service.js';

/** One cell's work. */
export interface CellJob extends CellId {
  readonly partition: string;
  /** The region whose endpoint lists the global kinds. */
  readonly homeRegion: string;
  /** Regions in scope: resources of a global cell in other regions are passed over before any call is made for them. */
  readonly regions: ReadonlySet<string>;
  /** Facets to read, by kind. */
  readonly asked: ReadonlyMap<Kind, ReadonlySet<string>>;
  /** How many objects of each bucket are looked at; undefined: of none. */
  readonly sample?: number | undefined;
  readonly credentials: CredentialProvider;
  /** Whether they are the caller's own. */
  readonly ownCredentials: boolean;
  /** What rules look up, kept apart so that evaluation need not read the cell twice. */
  readonly lookups: LookedUp;
}

/** Reads one cell and writes its inventory file. Rejects only when the file cannot be written or the run is stopped. */
export async function crawlCell(job: CellJob, spec: ServiceSpec, connection: Connection, run: string): Promise<CellCoverage> {
  const crawl = new CellCrawl(job, spec, connection, run);
  try {
    return await crawl.run();
  } catch (error) {
    await crawl.discard();
    throw error;
  }
}

class CellCrawl implements FacetReader {
  readonly #job: CellJob;
  readonly #kinds: readonly AnyKind[];
  readonly #writer: CellWriter;
  readonly #ledger: CellLedger;
  readonly #edges: EdgeCollector;
  readonly #run: string;
  readonly #path: string;
  readonly calls: CellCalls;
  readonly #wholeSources = new Map<string, Promise<WholeSource>>();
  readonly #singles = new Map<Kind, Promise<ResourceRecord>>();
  readonly #sources: SourceCount[] = [];

  constructor(job: CellJob, spec: ServiceSpec, connection: Connection, run: string) {
    this.#job = job;
    this.#kinds = spec.kinds.filter(({ kind }) => job.asked.has(kind));
    const { account, region, service, partition } = job;
    this.#path = cellPath(run, job);
    const asked = Object.fromEntries([...job.asked].map(([kind, facets]) => [kind, [...facets].sort()]));
    this.#writer = new CellWriter(this.#path, { cell: '1.0', account, region, service, partition, asked });
    this.#ledger = new CellLedger();
    this.#edges = new EdgeCollector(job, job.lookups);
    this.#run = run;
    this.calls = new CellCalls(job, spec, connection, this.#ledger, (line) => {
      this.#writer.call(line);
    });
  }

  async run(): Promise<CellCoverage> {
    const lists = await Promise.all(this.#kinds.map((kind) => this.#crawlKind(kind)));
    const { account, region, service } = this.#job;
    const coverageOf = (counts: ReadonlyMap<string, number>): CellFooter => ({
      footer: true,
      account,
      region,
      service,
      ...this.#ledger.state(lists),
      operations: this.#ledger.operations(),
      lists: lists.map((list) => ({ ...list, count: counts.get(list.kind) ?? 0 })),
      unread: this.#ledger.unread(),
      sources: this.#sources.sort((a, b) => (a.source < b.source ? -1 : 1)),
    });
    let footer: CellFooter | undefined;
    const allWritten = await this.#writer.close((counts) => (footer = coverageOf(counts)));
    if (footer === undefined) throw new Error('The cell was closed without a footer');
    if (allWritten) {
      const header = {
        edges: edgesVersion,
        account,
        region,
        service,
        partition: this.#job.partition,
        lookups: lookupsSignature(this.#job.lookups),
      } as const;
      await writeEdges(cellPath(this.#run, this.#job, '.edges'), header, this.#edges, footer);
    }
    return footer;
  }

  async discard(): Promise<void> {
    await this.#writer.discard();
    await rm(this.#path, { force: true });
  }

  async #crawlKind(kind: AnyKind): Promise<ListCoverage> {
    if (kind.sources.length === 0) {
      const record = await this.single(kind.kind);
      this.#write(record);
      return { kind: kind.kind, complete: true, count: 1, missing: null };
    }
    const results = await Promise.all(kind.sources.map((source) => this.#crawlSource(kind, source)));
    const missing = results.find((result) => result !== null) ?? null;
    return { kind: kind.kind, complete: missing === null, count: 0, missing };
  }

  /** Null when the whole chain was read. */
  async #crawlSource(kind: AnyKind, source: Source): Promise<ListCoverage['missing']> {
    const again: { record: ResourceRecord; target: Target; listed: { item: unknown; call: number } }[] = [];
    const onPage = async (items: readonly unknown[], call: number) => {
      await forEach(items, async (item) => {
        const target = kind.identify(item, this.place);
        if (target === undefined || !this.#job.regions.has(target.region)) return;
        const listed = { item, call };
        const record = await readFacets(this, kind, target, listed, {});
        if (hasTransient(this.#ledger, record)) again.push({ record, target, listed });
        else this.#write(record);
      });
      await this.#writer.settled();
    };
    const result = await this.#readSource(kind, source, onPage);
    // Transient failures get one more look, when the rest of the cell has been read; denials never do.
    await forEach(again, async ({ record, target, listed }) => {
      this.#write(await readFacets(this, kind, target, listed, settledFacets(this.#ledger, record, this.asked(record.kind))));
    });
    return result;
  }

  async #readSource(kind: AnyKind, source: Source, onPage: (items: readonly unknown[], call: number) => Promise<void>) {
    const facet = `${kind.kind}/*`;
    if (this.#isWhole(source)) {
      const { pages, gap } = await this.whole(source);
      for (const page of pages) await onPage(page.items, page.call);
      return gap && { ...gap.missing, facet };
    }
    let items = 0;
    const gap = await this.calls.pages(source, async (page, call) => {
      items += page.length;
      await onPage(page, call);
    });
    this.#sources.push({ source: source.name, operation: source.operation, items, complete: gap === null });
    return gap && { ...gap.missing, facet };
  }

  /** Whether a facet needs all items of this chain at once. */
  #isWhole(source: Source): boolean {
    return this.#kinds.some(({ kind, facets }) =>
      Object.entries(facets).some(
        ([name, facet]) => facet.by === 'source' && facet.source === source && this.#job.asked.get(kind)?.has(name) === true,
      ),
    );
  }

  #write(record: ResourceRecord): void {
    this.#ledger.record(record);
    this.#edges.add(record);
    this.#writer.resource(record);
  }

  // What reading a facet needs of its cell.

  get place() {
    const { account, partition } = this.#job;
    return { account, partition, region: listRegion(this.#job) };
  }

  get sample(): number {
    return this.#job.sample ?? 0;
  }

  get ledger(): CellLedger {
    return this.#ledger;
  }

  asked(kind: Kind): ReadonlySet<string> {
    return this.#job.asked.get(kind) ?? new Set();
  }

  whole(source: Source): Promise<WholeSource> {
    const found = this.#wholeSources.get(source.name);
    if (found !== undefined) return found;
    const reading = this.#readWhole(source);
    this.#wholeSources.set(source.name, reading);
    return reading;
  }

  async #readWhole(source: Source): Promise<WholeSource> {
    const pages: { items: readonly unknown[]; call: number }[] = [];
    const gap = await this.calls.pages(source, (items, call) => {
      pages.push({ items, call });
      return Promise.resolve();
    });
    const items = pages.flatMap((page) => page.items);
    this.#sources.push({ source: source.name, operation: source.operation, items: items.length, complete: gap === null });
    return { items, pages, gap };
  }

  single(kind: Kind): Promise<ResourceRecord> {
    const found = this.#singles.get(kind);
    if (found !== undefined) return found;
    const reading = this.#readSingle(kind);
    this.#singles.set(kind, reading);
    return reading;
  }

  async #readSingle(name: Kind): Promise<ResourceRecord> {
    const kind = this.#kinds.find((each) => each.kind === name);
    const target = kind?.identify(undefined, this.place);
    if (kind === undefined || target === undefined) throw new Error(`${name} is not one of this cell's kinds`);
    const listed = { item: undefined, call: 0 };
    const record = await readFacets(this, kind, target, listed, {});
    return hasTransient(this.#ledger, record)
      ? readFacets(this, kind, target, listed, settledFacets(this.#ledger, record, this.asked(record.kind)))
      : record;
  }
}

/** Of a resource that is gone nothing more can be read. */
function hasTransient(ledger: CellLedger, { gone, unread = {} }: ResourceRecord): boolean {
  if (gone === true) return false;
  return Object.values(unread).some((missing) => ledger.isTransient(missing));
}

/** Resources of a page that are read at once: more than there are calls in flight, and far fewer than ten thousand buckets. */
const atOnce = 256;

/** Works on all items, so many at once. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const next = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, next));
}

/** The facets that need not be read again. */
function settledFacets(ledger: CellLedger, record: ResourceRecord, asked: Iterable<string>): Record<string, FacetState> {
  const settled: Record<string, FacetState> = {};
  for (const facet of asked) {
    const state = facetState(record, facet);
    if (state === undefined) continue;
    const missing = state.state === 'unread' ? state.missing : state.state === 'read' ? state.partly : undefined;
    if (missing === undefined || !ledger.isTransient(missing)) settled[facet] = state;
  }
  return settled;
}
