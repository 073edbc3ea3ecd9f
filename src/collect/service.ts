import type { ClientConfig } from '#aws/connection.js';
import type { Attempt, Missing } from '#model/attempt.js';
import type { Place, Service } from '#model/place.js';
import type { FacetName, FacetValue, Kind, Kinds } from '#model/resources/index.js';

/** An API operation, as `service:Operation`, and the IAM action it needs, which S3 names otherwise. */
export interface Operation {
  readonly operation: string;
  readonly action: string;
}

/** What a service's `sdk.ts` exports: its client class and the commands we call, and nothing else of the SDK. */
export interface Sdk {
  readonly Client: new (config: ClientConfig) => unknown;
}
type ClientOf<S extends Sdk> = InstanceType<S['Client']>;

/** A chain of pages that lists something in one account and region. */
export interface Source<S extends Sdk = Sdk, Item = unknown> extends Operation {
  /** Tells two chains of one operation apart, as the cell's footer names them. */
  readonly name: string;
  /** Items that AWS returns in a full page; null when the answer has no pages. */
  readonly pageSize: number | null;
  /**
   * Where AWS offers what is listed, if that is not every region. It is asked for everywhere, as AWS adds regions; in
   * another than these an endpoint whose name does not exist means that there is none of it. Undefined: everywhere.
   */
  readonly offered?: { readonly what: string; readonly regions: ReadonlySet<string> };
  readonly request: (client: ClientOf<S>, sdk: S, token: string | undefined) => Promise<object>;
  /** `items` is undefined when the answer holds no list at all, which is not the same as an empty one. */
  readonly page: (output: never) => { readonly items: readonly Item[] | undefined; readonly next: string | undefined };
}

/** A resource as its listing names it. */
export interface Target {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  /** The id that per-resource calls take. */
  readonly id: string;
}

/** What one call is about. */
export interface Subject extends Target {
  /** How many objects of each bucket the run looks at. */
  readonly sample: number;
  /** Of a facet with `each`: the item that this call is about. */
  readonly item: string;
}

/** What became of the call about one item. `code`: an error that says something of the item. */
export type Part<Output> = { readonly item: string } & (
  { readonly output: Output } | { readonly code: string } | { readonly missing: Missing }
);

/** What is already known when a facet is about to be asked. */
export interface Known<K extends Kind = Kind> {
  /** Another facet of the same resource. */
  own<F extends FacetName<K>>(facet: F): Attempt<FacetValue<K, F>>;
  /** A facet of a kind of which the cell has just one resource. */
  single<K2 extends Kind, F extends FacetName<K2>>(kind: K2, facet: F): Attempt<FacetValue<K2, F>>;
}

/**
 * Without a call: the value and the facet of the same resource that it follows from, or that the facet does not apply.
 * `ask` makes the call; undefined leaves it to `after`.
 */
export type Settled<V> = { readonly value: V; readonly from: string } | { readonly skip: string } | 'ask' | undefined;

/** A projection returns it when AWS left out the field that the facet is about: the facet is unread, and that is no gap. */
export class AbsentField {
  readonly field: string;

  constructor(field: string) {
    this.field = field;
  }
}

/** Comes with the listing, at no call of its own. */
export interface ListFacet<Item, V> {
  readonly by: 'list';
  readonly project: (item: Item, place: Place) => V | AbsentField;
}

/** Comes from a list chain over all resources of the kind, once per cell. */
export interface SourceFacet<S extends Sdk, V> {
  readonly by: 'source';
  readonly source: Source<S>;
  /** The chain's items, turned into a look-up by target, and by the item that the target was listed by. */
  readonly index: (items: readonly never[]) => (target: Target, listed: never) => V | AbsentField;
}

/** How an answer about one resource comes in pages. */
export interface Pages {
  /** Items that AWS returns in a full page. */
  readonly size: number;
  readonly page: (output: never) => { readonly items: readonly unknown[] | undefined; readonly next: string | undefined };
  /** How many items a value of the facet was made of. */
  readonly itemsIn: (value: never) => number;
}

/** A call for each item of a list, which another facet of the same resource holds as strings. */
export interface Each<K extends Kind> {
  readonly of: FacetName<K>;
  /** Error codes that say something of the item, and are no failures. */
  readonly answers: readonly string[];
}

/** Costs one call per resource, or one per page or item. */
export interface CallFacet<S extends Sdk, K extends Kind, V> extends Operation {
  readonly by: 'call';
  /** Undefined: one answer says all. With pages, `project` gets the items of all of them. */
  readonly pages: Pages | undefined;
  /** Undefined: it is not asked item by item. With it, `project` gets a Part for each item. */
  readonly each: Each<K> | undefined;
  /** Facets of the same resource that must be read before: unread or skipped, this one is so too, and not called. */
  readonly after: readonly FacetName<K>[];
  /** Facets that `settle` may look at if they were read: `FACET` or `KIND/FACET`. */
  readonly looksAt: readonly string[];
  /** Facets of the same resource that `settle` may look at too if some rule needs them: they are not asked for this one. */
  readonly mayLookAt: readonly FacetName<K>[];
  readonly settle: ((known: Known<K>) => Settled<V>) | undefined;
  readonly request: (client: ClientOf<S>, sdk: S, subject: Subject, token?: string) => Promise<object>;
  readonly project: (output: never) => V | AbsentField;
  /** Asked when the whole run is known, not while its cell is crawled. */
  readonly followUp: boolean;
  /** Error codes by which AWS says that there is none: the value is null. */
  readonly absent: readonly string[];
  /** Error codes that prove the resource itself deleted since it was listed. */
  readonly gone: readonly string[];
}

export type Facet<S extends Sdk, K extends Kind, Item, V> = ListFacet<Item, V> | SourceFacet<S, V> | CallFacet<S, K, V>;

/** How a kind of resource is listed, and how each of its facets is read. */
export interface KindSpec<S extends Sdk = Sdk, K extends Kind = Kind, Item = unknown> {
  readonly kind: K;
  /** Listed once per account, at the home region, and not region by region. */
  readonly global?: true;
  /** The chains that list it. None: the cell has exactly one, which needs no listing. */
  readonly sources: readonly Source<S, Item>[];
  /** Undefined: not a resource of this account. */
  readonly identify: (item: Item, place: Place) => Target | undefined;
  /** The name that people know it by, where a facet and not the listing holds it. */
  readonly named?: (own: Known<K>['own']) => string | undefined;
  readonly facets: { readonly [F in keyof Kinds[K] & string]: Facet<S, K, Item, Kinds[K][F]> };
}

/** A kind as the crawler and the registry hold it, its types forgotten. */
export interface AnyKind {
  readonly kind: Kind;
  readonly global?: true;
  readonly sources: readonly Source[];
  identify(item: unknown, place: Place): Target | undefined;
  named?(own: Known['own']): string | undefined;
  readonly facets: Readonly<Record<string, Facet<Sdk, Kind, unknown, unknown>>>;
}

export interface ServiceSpec<S extends Sdk = Sdk> {
  readonly service: Service;
  /** Loads the SDK, when the first cell of the service runs. */
  readonly sdk: () => Promise<S>;
  readonly kinds: readonly AnyKind[];
}

/** The builders of one service, so that requests are typed by its SDK and projections by their request's output. */
export function forService<S extends Sdk>() {
  return {
    source<Item, Output extends object>(
      spec: Omit<Source<S, Item>, 'request' | 'page'> & {
        request: (client: ClientOf<S>, sdk: S, token: string | undefined) => Promise<Output>;
        items: (output: Output) => readonly Item[] | undefined;
        next?: (output: Output) => string | undefined;
      },
    ): Source<S, Item> {
      const { items, next, ...rest } = spec;
      return { ...rest, page: (output: Output) => ({ items: items(output), next: next?.(output) || undefined }) };
    },

    fromSource<Item, V, Listed = unknown>(
      source: Source<S, Item>,
      index: (items: readonly Item[]) => (target: Target, listed: Listed) => V | AbsentField,
    ): SourceFacet<S, V> {
      return { by: 'source', source, index };
    },

    call<K extends Kind, V, Output extends object>(
      spec: Operation & {
        after?: readonly FacetName<K>[];
        looksAt?: readonly string[];
        mayLookAt?: readonly FacetName<K>[];
        settle?: (known: Known<K>) => Settled<V>;
        request: (client: ClientOf<S>, sdk: S, subject: Subject) => Promise<Output>;
        project: (output: Output) => V | AbsentField;
        followUp?: boolean;
        absent?: readonly string[];
        gone?: readonly string[];
      },
    ): CallFacet<S, K, V> {
      return { ...callDefaults, ...spec };
    },

    /** A list that belongs to one resource and comes in pages; `count` says how many items a value was made of. */
    pagedCall<K extends Kind, Item, V, Output extends object>(
      spec: Operation & {
        after?: readonly FacetName<K>[];
        looksAt?: readonly string[];
        settle?: (known: Known<K>) => Settled<V>;
        pageSize: number;
        request: (client: ClientOf<S>, sdk: S, target: Target, token: string | undefined) => Promise<Output>;
        items: (output: Output) => readonly Item[] | undefined;
        next: (output: Output) => string | undefined;
        project: (items: readonly Item[]) => V;
        count: (value: NonNullable<V>) => number;
        absent?: readonly string[];
        gone?: readonly string[];
      },
    ): CallFacet<S, K, V> {
      const { pageSize, items, next, count, ...rest } = spec;
      const pages: Pages = {
        size: pageSize,
        page: (output: Output) => ({ items: items(output), next: next(output) || undefined }),
        itemsIn: count,
      };
      return { ...callDefaults, pages, ...rest };
    },

    /** One call for each item of a list. Of an item that could not be read the others stay read. */
    callEach<K extends Kind, V, Output extends object>(
      spec: Operation & {
        each: Each<K>;
        request: (client: ClientOf<S>, sdk: S, subject: Subject) => Promise<Output>;
        project: (parts: readonly Part<Output>[]) => V;
      },
    ): CallFacet<S, K, V> {
      return { ...callDefaults, after: [spec.each.of], ...spec };
    },

    kind<K extends Kind, Item>(spec: KindSpec<S, K, Item>): AnyKind {
      return spec as unknown as AnyKind;
    },
  };
}

/** What a call facet need not say. */
export const callDefaults = {
  by: 'call',
  pages: undefined,
  each: undefined,
  followUp: false,
  after: [],
  looksAt: [],
  mayLookAt: [],
  absent: [],
  gone: [],
  settle: undefined,
} as const;

/** Facets a facet leans on, as [kind, facet]. */
export function prerequisites(kind: Kind, facet: Facet<Sdk, Kind, unknown, unknown>): readonly (readonly [Kind, string])[] {
  if (facet.by !== 'call') return [];
  return [...facet.after, ...facet.looksAt].map((name) => {
    const slash = name.indexOf('/');
    return slash < 0 ? [kind, name] : [name.slice(0, slash) as Kind, name.slice(slash + 1)];
  });
}
