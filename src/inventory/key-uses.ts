import type { KeyUse, PlaceUse } from '#model/key-graph.js';
import { compareText } from '#model/place.js';

/** Resources of one kind, account and region that use a key for the same. */
export interface PlacedUse extends KeyUse {
  readonly account: string;
  readonly region: string;
}

type Place = PlaceUse & { readonly byKind: Record<string, number> };
type Counter = PlacedUse & { count: number };

/** Counters of what uses each key, by whatever name the key goes: never the resources themselves. */
export class KeyUses {
  readonly #byKey = new Map<string, Map<string, Counter>>();

  add(key: string, more: Iterable<PlacedUse>): void {
    const uses = found(this.#byKey, key, () => new Map<string, Counter>());
    for (const use of more) {
      const { kind, usage, account, region, count } = use;
      found(uses, `${kind} ${usage} ${account} ${region}`, () => ({ ...use, count: 0 })).count += count;
    }
  }

  keys(): readonly string[] {
    return [...this.#byKey.keys()];
  }

  of(key: string): Iterable<PlacedUse> {
    return this.#byKey.get(key)?.values() ?? [];
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
