import type { Preflight } from '#index.js';
import { folded, plural, wrapped } from './text.js';

type Account = Preflight['accounts'][number];
type Denied = Account['denied'][number];

/** What a preflight found, for people, in 80 columns. */
export function preflightText({ accounts, missing, complete, caller }: Preflight): string {
  const lines = [
    ...accounts.flatMap((account) => [...accountLines(account, caller), '']),
    missing
      ? 'Permissions are missing: a scan would leave what needs them unknown.'
      : complete
        ? 'Nothing that was tried is denied.'
        : 'Nothing that was tried is denied, but not everything could be tried.',
  ];
  return `${lines.join('\n')}\n`;
}

function accountLines(account: Account, caller: string): readonly string[] {
  const { id, name, regions, tried, denied, unclear, notTried, statement, gap, reason } = account;
  const title = `${id}${name === null ? '' : ` ${name}`}: `;
  const head =
    reason === null
      ? `${plural(tried, 'operation')} tried in ${regions.join(', ')}, ${String(denied.length)} denied`
      : `not entered: ${reason}`;
  const trust = gap?.operation === 'sts:AssumeRole' && gap.cause === 'denied';
  return [
    ...folded(title, head, '  '),
    ...(trust ? wrapped(`The role must trust ${caller}, and that caller needs sts:AssumeRole on the role.`, '  ') : []),
    ...denied.flatMap(deniedLines),
    ...(statement === null ? [] : ['  Add to the policy of the role:', ...indented(statement)]),
    ...unclear.flatMap(({ operation, region, code }) => folded('  not clear: ', `${operation} in ${region}: ${code}`)),
    ...notTried.flatMap(({ operation, region, why }) => folded('  not tried: ', `${operation} in ${region}: ${why}`)),
  ];
}

function indented(statement: NonNullable<Account['statement']>): readonly string[] {
  return JSON.stringify(statement, null, 2)
    .split('\n')
    .map((line) => `    ${line}`);
}

function deniedLines({ operation, action, regions, rules, code, ...by }: Denied): readonly string[] {
  const where = `${operation}${action === operation ? '' : ` (${action})`}${regions.length === 0 ? '' : ` in ${regions.join(', ')}`}: ${code}, ${byText(by)}`;
  return folded('  denied: ', rules.length === 0 ? where : `${where}; ${plural(rules.length, 'rule')} would be unknown`);
}

function byText({ deniedBy, explicit }: Pick<Denied, 'deniedBy' | 'explicit'>): string {
  switch (deniedBy) {
    case 'service-control-policy':
      return 'by a policy of the organisation, which an Allow in the account does not change';
    case 'resource-policy':
      return "by the resource's own policy, which an Allow in IAM does not change";
    case 'identity-policy':
      return explicit ? 'by an explicit Deny, which an Allow does not change' : 'which no policy of the role allows';
    case null:
      return explicit ? 'by an explicit Deny, which an Allow does not change' : 'AWS does not say by which policy';
  }
}
