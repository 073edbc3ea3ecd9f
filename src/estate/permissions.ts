import type { DenyReason } from './match.js';

/** An identity policy, as far as the estate understands the language: `StringEquals` is its only condition. */
export interface PolicyDocument {
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a call asks permission for, and the facts that conditions may look at. A fact that is undefined is not there. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly facts: Readonly<Record<string, string | undefined>>;
}

/** Why identity policies refuse a call; undefined: they allow it. */
export function refusedBy(policies: readonly PolicyDocument[], asked: Asked): DenyReason | undefined {
  const speaking = policies.flatMap(({ Statement }) => Statement).filter((statement) => speaksOf(statement, asked));
  if (speaking.some(({ Effect }) => Effect === 'Deny')) return 'identity-deny';
  return speaking.some(({ Effect }) => Effect === 'Allow') ? undefined : 'identity-policy';
}

function speaksOf({ Action, Resource, Condition = {} }: PolicyStatement, { action, resource, facts }: Asked): boolean {
  return (
    [Action].flat().some((pattern) => fits(pattern.toLowerCase(), action.toLowerCase())) &&
    [Resource].flat().some((pattern) => fits(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, facts))
  );
}

function holds(operator: string, keys: Readonly<Record<string, string>>, facts: Asked['facts']): boolean {
  if (operator !== 'StringEquals') throw new Error(`the estate does not know the condition operator ${operator}`);
  const fact = (key: string): string | undefined => {
    if (!(key in facts)) throw new Error(`the estate does not know the condition key ${key}`);
    return facts[key];
  };
  return Object.entries(keys).every(([key, wanted]) => {
    const variable = /^\$\{(.+)\}$/.exec(wanted)?.[1];
    const value = fact(key);
    return value !== undefined && value === (variable === undefined ? wanted : fact(variable));
  });
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
