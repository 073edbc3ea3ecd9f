import type { ReportHeader } from '#model/report.js';
import type { Texts } from '../texts/index.js';

/** An account as people read it: its name and id, or the id alone. */
export function accountNames({ scope }: ReportHeader): (id: string) => string {
  const names = new Map(scope.accounts.map(({ id, name }) => [id, name]));
  return (id) => {
    const name = names.get(id);
    return name === undefined || name === null || name === '' ? id : `${name} (${id})`;
  };
}

/** The record's own value: a key such as `constructor` finds nothing that every object has. */
export function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A kind in words; one that we have no words for by its id. */
export function kindName({ kinds }: Texts, kind: string, count = 1): string {
  return own<readonly [string, string]>(kinds, kind)?.[count === 1 ? 0 : 1] ?? kind;
}
