import { AwsError, denied, fault } from '../errors.js';
import type { Context, Fields, Operation } from '../operation.js';
import { whole } from '../operation.js';
import { fromArray } from '../paging.js';
import { formatProblems } from './securityhub-format.js';

/** The customer's: an import sets them on a new finding and never again. */
const customers = ['Note', 'UserDefinedFields', 'VerificationState', 'Workflow', 'Severity', 'Types'];
const batchMax = 100;
const batchBytesMax = 6 * 1024 * 1024;

function productArn({ caller, region }: Context): string {
  return `arn:aws:securityhub:${region}:${caller.account}:product/${caller.account}/default`;
}

function isEnabled({ world, caller, region }: Context): boolean {
  return world.region(caller.account, region).settings.securityHub;
}

function findingsOf({ world, caller, region }: Context): Map<string, Fields> {
  return world.region(caller.account, region).hubFindings;
}

function batchImportFindings(context: Context): Fields {
  const { params, body } = context;
  const findings = params['Findings'];
  if (!Array.isArray(findings) || findings.length === 0 || findings.length > batchMax)
    throw fault('securityhub', 'badParameter', `Invalid parameter 'Findings'. data should have 1 to ${String(batchMax)} items`);
  if (body.length > batchBytesMax) throw fault('securityhub', 'badParameter', 'The request is larger than 6 MB');
  for (const finding of findings as Fields[]) refuseStranger(context, finding);
  const failed = (findings as Fields[]).flatMap((finding) => importOne(context, finding) ?? []);
  return { FailedCount: failed.length, SuccessCount: findings.length - failed.length, FailedFindings: failed };
}

/** Findings are imported by the account they are of, under the product that every account has of its own. */
function refuseStranger(context: Context, { AwsAccountId, ProductArn }: Fields): void {
  const { caller } = context;
  if (AwsAccountId === caller.account && ProductArn === productArn(context)) return;
  const action = 'securityhub:BatchImportFindings';
  throw denied('securityhub', { arn: caller.arn, action, resource: String(ProductArn), reason: 'resource-policy' });
}

function importOne(context: Context, finding: Fields): Fields | undefined {
  const Id = String(finding['Id']);
  if (!isEnabled(context))
    return {
      Id,
      ErrorCode: 'InvalidAccess',
      ErrorMessage: `Account ${context.caller.account} is not subscribed to AWS Security Hub`,
    };
  const { caller, region, world } = context;
  if (world.region(caller.account, region).hubRefusals.has(Id))
    return { Id, ErrorCode: 'InternalError', ErrorMessage: 'Internal server error.' };
  const problems = formatProblems(finding);
  if (problems.length > 0) {
    const ErrorMessage = `Finding does not adhere to Amazon Finding Format. ${problems.join(', ')}.`;
    return { Id, ErrorCode: 'InvalidInput', ErrorMessage };
  }
  const there = findingsOf(context);
  const before = there.get(Id);
  if (before === undefined) {
    const { Severity, Types } = (finding['FindingProviderFields'] ?? {}) as Fields;
    const made = { Workflow: { Status: 'NEW' }, RecordState: 'ACTIVE', Severity, Types };
    there.set(Id, { ...made, ...finding, Region: context.region });
    return undefined;
  }
  // One that is not newer is taken and ignored.
  if (Date.parse(String(finding['UpdatedAt'])) <= Date.parse(String(before['UpdatedAt']))) return undefined;
  const kept = Object.fromEntries(customers.map((name) => [name, before[name]]));
  there.set(Id, { ...before, ...finding, ...kept });
  return undefined;
}

interface Filter {
  readonly Key?: string;
  readonly Value?: string;
  readonly Comparison?: string;
}

const textFilters = ['ProductArn', 'AwsAccountId', 'Id', 'GeneratorId', 'Region', 'RecordState'];
const mapFilters = ['ProductFields', 'UserDefinedFields'];

function getFindings(context: Context): Fields {
  const { params, caller, pager } = context;
  if (!isEnabled(context))
    throw new AwsError('InvalidAccessException', 401, `Account ${caller.account} is not subscribed to AWS Security Hub`);
  const limit = whole(params, 'MaxResults') ?? 100;
  if (!(limit >= 1 && limit <= 100)) throw fault('securityhub', 'badParameter', 'MaxResults must be from 1 to 100');
  const filters = Object.entries((params['Filters'] ?? {}) as Record<string, readonly Filter[]>);
  if (filters.length > 10 || filters.some(([, values]) => values.length > 20))
    throw fault('securityhub', 'badParameter', 'Too many filters');
  const found = [...findingsOf(context).values()].filter((finding) => filters.every((filter) => passes(finding, filter)));
  const { items, next } = pager.take(fromArray(found), limit);
  return { Findings: items, ...(next !== undefined && { NextToken: next }) };
}

/** What differs is asked of all filters, what equals of any. */
function passes(finding: Fields, [attribute, filters]: readonly [string, readonly Filter[]]): boolean {
  const valueOf = ({ Key = '' }: Filter): unknown => {
    if (textFilters.includes(attribute)) return finding[attribute];
    if (mapFilters.includes(attribute)) return (finding[attribute] as Fields | undefined)?.[Key];
    throw fault('securityhub', 'badParameter', `the estate does not know the filter ${attribute}`);
  };
  const not = filters.filter(({ Comparison }) => Comparison?.includes('NOT_') === true);
  const any = filters.filter((filter) => !not.includes(filter));
  return (
    not.every((filter) => !fits(valueOf(filter), filter)) &&
    (any.length === 0 || any.some((filter) => fits(valueOf(filter), filter)))
  );
}

function fits(value: unknown, { Value = '', Comparison }: Filter): boolean {
  return Comparison?.startsWith('PREFIX') === true ? typeof value === 'string' && value.startsWith(Value) : value === Value;
}

export const securityhub: Record<string, Operation> = {
  BatchImportFindings: { run: batchImportFindings, arn: productArn },
  GetFindings: { run: getFindings },
};
