import { impact, missingText, usageText, type Impact } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, unknownWord } from '../options.js';

export async function impactCommand(
  key: string,
  run: string,
  flags: { readonly plugin?: readonly string[]; readonly format: string },
  io: Io,
): Promise<number> {
  const { format, ...named } = flags;
  if (format !== 'text' && format !== 'json') unknownWord('format', format, ['text', 'json']);
  const found = await impact(await catalogueOf(named), run, key);
  io.out(format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : textOf(found));
  return 0;
}

function textOf({ key, dependants, loss, users, monthlyCost }: Impact): string {
  const { total, groups, missing } = dependants;
  const lines = [
    key.arn,
    ...(key.aliases.length === 0 ? [] : [`  ${key.aliases.join(', ')}`]),
    `  ${stateText(key)}`,
    ...key.multiRegionSet.map((arn) => `  of one multi-Region set with ${arn}`),
    `  ${monthlyCost.usd === null ? 'monthly cost not known' : `$${String(monthlyCost.usd)} a month`}: ${monthlyCost.why}`,
    '',
    total === 0
      ? 'Nothing of the run depends on it.'
      : `${String(total)} ${total === 1 ? 'resource depends' : 'resources depend'} on it:`,
    ...groups.flatMap(({ kind, account, region, usage, count, resources }) => [
      `  ${String(count)} ${kind}${usageText(usage)} in ${account}/${region}`,
      ...resources.map((arn) => `      ${arn}`),
      ...(count > resources.length ? [`      and ${String(count - resources.length)} more`] : []),
    ]),
    ...(missing.length === 0 ? [] : [`Others may: ${missingText(missing)}`]),
    ...(loss.length === 0 ? [] : ['', 'Without the key:']),
    ...loss.flatMap(({ kind, usage, disabled, deleted }) => [
      `  ${kind}${usageText(usage)}`,
      `      disabled: ${disabled}`,
      `      deleted:  ${deleted}`,
    ]),
    '',
    ...usersText(users, key.manager),
  ];
  return `${lines.join('\n')}\n`;
}

function stateText({ resolution: { state, listed, seenBy, missing }, ...key }: Impact['key']): string {
  switch (state) {
    case 'missing':
      return `the key is gone: ${seenBy ?? ''}`;
    case 'foreign':
      return `a key of an account that is not in the run: ${missingText(missing)}`;
    case 'unread':
      return `${listed ? 'what it is was not read' : 'not known whether the key is there'}: ${missingText(missing)}`;
    case 'aws-managed':
    case 'resolved': {
      const deletion = key.deletionAt === null ? '' : `, to be deleted on ${key.deletionAt.slice(0, 10)}`;
      return `${managerText(key.manager)}, ${key.state ?? 'state not read'}${deletion}`;
    }
  }
}

function managerText(manager: string | null): string {
  if (manager === null) return 'manager not read';
  return manager === 'AWS' ? 'AWS managed key' : 'customer managed key';
}

function usersText({ known, missing }: Impact['users'], manager: string | null): readonly string[] {
  if (manager === 'AWS') return ['Whoever may use the service in the account may use the key.'];
  return [
    ...(known.length === 0 ? [] : ['Who may use it, by its policy and grants:']),
    ...known.flatMap(({ principal, actions, conditions, by }) => [
      `  ${principal} (${by})`,
      `      ${actions.join(', ')}`,
      ...conditions.map((condition) => `      if ${condition}`),
    ]),
    ...(missing.length === 0 ? [] : [`Not known of its users: ${missingText(missing)}`]),
  ];
}
