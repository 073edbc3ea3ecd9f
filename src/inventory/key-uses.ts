import type { KeyUse, PlaceUse } from '#model/key-graph.js';
import { compareText } from '#model/place.js';

/** Resources of one kind, account and region that use a key for the same. */
export interface PlacedUse extends KeyUse {
  readonly account: string;
  readonly region: string;
}

type Counter = PlacedUse & { count: number };
type Place = PlaceUse & { readonly byKind: Record<string, number> };

/** Counters of what uses each key, by whatever name the key goes: never the resources themselves. */
export class KeyUses {
  /** Lists, for most keys have a few counters, and there are many keys. */
  readonly #byKey = new Map<string, Counter[]>();
  /** Each word once: as they were read they are as many as the lines of the edges. */
  readonly #words = new Map<string, string>();

  add(key: string, more: Iterable<PlacedUse>): void {
    const uses = found(this.#byKey, key, (): Counter[] => []);
    for (const { kind, usage, account, region, count } of more) {
      const same = uses.find(
        (use) => use.kind === kind && use.usage === usage && use.region === region && use.account === account,
      );
      if (same === undefined) uses.push({ kind: this.#word(kind), usage: this.#word(usage), account, region, count });
      else same.count += count;
    }
  }

  #word(text: string): string {
    return found(this.#words, text, () => text);
  }

  keys(): readonly string[] {
    return [...this.#byKey.keys()];
  }

  of(key: string): readonly PlacedUse[] {
    return this.#byKey.get(key) ?? [];
  }

  byKindAndUsage(key: string): readonly KeyUse[] {
    const sums = new Map<string, KeyUse & { count: number }>();
    for (const { kind, usage, count } of this.of(key))
      found(sums, `${kind} ${usage}`, () => ({ kind, usage, count: 0 })).count += count;
    return sorted(sums);
  }

  byPlace(key: string): readonly PlaceUse[] {
    const places = new Map<string, Place>();
    for (const { kind, account, region, count } of this.of(key)) {
      const { byKind } = found<Place>(places, `${account} ${region}`, () => ({ account, region, byKind: {} }));
      byKind[kind] = (byKind[kind] ?? 0) + count;
    }
    return sorted(places);
  }
}

/** The entry of a map, made where there is none. */
function found<Value>(map: Map<string, Value>, id: string, make: () => Value): Value {
  let value = map.get(id);
  if (value === undefined) map.set(id, (value = make()));
  return value;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly Value[] {
  return [...map].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}
