import type { Plan } from '#index.js';
import { folded, plural, secondsText, wrapped } from './text.js';

/** Accounts and rules that are named one by one; JSON names all. */
const accountsShown = 20;
const rulesShown = 3;

/** A plan for people, in 80 columns. */
export function planText(plan: Plan): string {
  const { scope, rules, operations } = plan;
  const total = operations.reduce((sum, { calls }) => sum + calls, 0);
  const lines = [
    `${plural(total, 'call')} in ${plural(scope.accounts.length, 'account')} and ${plural(scope.regions.length, 'region')}, for ${plural(rules.length, 'rule')}`,
    ...wrapped(basisText(plan), ''),
    '',
    ...operationLines(plan),
    '',
    ...accountLines(plan),
    '',
    ...timeLines(plan),
    '',
    ...costLines(plan),
    '',
    `Disk: ${plan.disk.atLeast ? 'at least' : 'about'} ${sizeText(plan.disk.bytes)} of inventory in the run folder.`,
    ...whyLines(plan),
    '',
    ...estimateLines(plan),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function basisText({ basis, resources }: Plan): string {
  const made = `${plural(basis.calls, 'call')} ${basis.calls === 1 ? 'was' : 'were'} made for this plan`;
  return basis.kind === 'run'
    ? `Counted from the ${plural(resources, 'resource')} of run ${basis.run ?? ''}; ${made}.`
    : `Counted from the ${plural(resources, 'resource')} that lists name now; ${made}. An earlier run (--from) tells more.`;
}

function operationLines({ operations }: Plan): readonly string[] {
  const width = Math.max(...operations.map(({ operation }) => operation.length));
  return [
    'By operation',
    ...operations.map(
      ({ operation, calls, estimate, rules }) =>
        `${countText(calls, estimate)}  ${operation.padEnd(width)}  ${rules.length === 0 ? 'every scan' : plural(rules.length, 'rule')}`,
    ),
  ];
}

function accountLines({ scope, calls }: Plan): readonly string[] {
  const accounts = scope.accounts
    .map((account) => {
      const own = calls.filter((row) => row.account === account.id);
      return {
        ...account,
        calls: own.reduce((sum, row) => sum + row.calls, 0),
        estimate: own.some(({ estimate }) => estimate !== null),
      };
    })
    .sort((a, b) => b.calls - a.calls);
  const more = accounts.length - accountsShown;
  return [
    'By account',
    ...accounts.slice(0, accountsShown).flatMap(({ id, name, regions, state, reason, ...counted }) => {
      const what = state === 'scanned' ? plural(regions.length, 'region') : (reason ?? state);
      return folded(`${countText(counted.calls, counted.estimate)}  ${id}${name === null ? '' : ` ${name}`}: `, what);
    }),
    ...(more > 0 ? [`            and ${plural(more, 'account')} more; --format json names them all`] : []),
  ];
}

function timeLines({ time }: Plan): readonly string[] {
  return [
    `Time: at least ${secondsText(time.seconds)}, bound by ${time.boundBy}`,
    ...time.terms.flatMap(({ term, seconds, at }) =>
      folded(
        `  ${term.padEnd(7)} ${secondsText(seconds).padStart(12)}  `,
        term === 'paging' ? `${at}, ${String(time.latencyMs)} ms each` : at,
      ),
    ),
  ];
}

function costLines({ cost }: Plan): readonly string[] {
  return [
    `Cost: about $${cost.usd.toFixed(4)}, at list prices of us-east-1 without free tiers`,
    ...cost.lines.map(
      ({ what, calls, usdPer1000, usd }) =>
        `  $${usd.toFixed(4).padStart(9)}  ${String(calls)} ${what} at $${String(usdPer1000)} per 1,000`,
    ),
    '  Calls of EC2, RDS and STS cost nothing.',
  ];
}

function whyLines({ facets }: Plan): readonly string[] {
  return [
    '',
    'What is read, and because of which rules',
    ...facets
      .filter(costsCalls)
      .flatMap(({ facet, asked, operations, rules }) => [
        ...folded(`  ${facet}: `, `${operations.join(', ')}, ${askedText[asked]}`, '      '),
        ...wrapped(rulesText(rules), '      '),
      ]),
  ];
}

/** Not what comes with the listing of its kind. */
function costsCalls({ facet, operations }: Facet, _at: number, all: readonly Facet[]): boolean {
  const listing = `${facet.slice(0, facet.indexOf('/'))}/*`;
  const listed = all.find((each) => each.facet === listing)?.operations ?? [];
  return facet === listing || !operations.every((operation) => listed.includes(operation));
}

type Facet = Plan['facets'][number];

const askedText: Readonly<Record<Facet['asked'], string>> = {
  page: 'a call for each page of the list',
  region: 'once in each region',
  resource: 'for each resource that it applies to',
  item: 'for each item of a list',
  'follow-up': 'for keys, once all else is known',
};

function rulesText(rules: readonly string[]): string {
  const more = rules.length - rulesShown;
  const named = rules.slice(0, rulesShown).join(', ');
  return `${named || 'keys that others refer to'}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

const estimateTexts: Readonly<Record<NonNullable<Plan['calls'][number]['estimate']>, string>> = {
  'not-read':
    'Some calls depend on what was not read before; they are counted for every resource that they may be made for. A scan may make fewer, or more where the answer about one resource has many pages.',
  'not-listed': 'Of some accounts and regions the run holds nothing: they count as empty.',
  incomplete: 'Something could not be read: what hangs on it is not counted.',
};

function estimateLines({ calls }: Plan): readonly string[] {
  const found = new Set(calls.flatMap(({ estimate }) => estimate ?? []));
  if (found.size === 0) return ['Every count is exact for as long as the resources stay as they are.'];
  return ['Counts marked ~ are estimates', ...[...found].sort().flatMap((estimate) => wrapped(estimateTexts[estimate], '  '))];
}

function countText(calls: number, estimate: boolean): string {
  return `${estimate ? '~' : ' '}${String(calls)}`.padStart(10);
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${String(Math.ceil(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
