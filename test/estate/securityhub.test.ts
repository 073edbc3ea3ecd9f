import {
  BatchImportFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
  type AwsSecurityFinding,
} from '@aws-sdk/client-securityhub';
import { expect, test } from 'vitest';
import { A, B, R, running, smallWorld } from './support.js';

const productArn = `arn:aws:securityhub:${R}:${A}:product/${A}/default`;

function finding(Id: string, given: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding {
  return {
    ...{ SchemaVersion: '2018-10-08', Id, ProductArn: productArn, GeneratorId: 'g', AwsAccountId: A },
    ...{ CreatedAt: '2026-11-01T00:00:00Z', UpdatedAt: '2026-11-01T00:00:00Z', Title: 't', Description: 'd' },
    Resources: [{ Type: 'Other', Id: 'r' }],
    FindingProviderFields: { Severity: { Label: 'HIGH' }, Types: ['Effects'] },
    ...given,
  };
}

async function hub({ quotas = false, enabled = true } = {}) {
  const world = smallWorld();
  world.set(A, R, { securityHub: enabled });
  const estate = await running(world, { quotas });
  const client = new SecurityHubClient({
    endpoint: estate.url,
    region: R,
    credentials: estate.credentialsFor(A),
    maxAttempts: 1,
  });
  return {
    put: (...Findings: AwsSecurityFinding[]) => client.send(new BatchImportFindingsCommand({ Findings })),
    get: (input = {}) => client.send(new GetFindingsCommand(input)),
  };
}

test('what does not fit the format is named by field, and the others are taken', async () => {
  const { put, get } = await hub();
  const answer = await put(finding('good'), finding('bad', { Title: 'x'.repeat(257), Description: '' }));
  expect(answer).toMatchObject({ SuccessCount: 1, FailedCount: 1 });
  expect(answer.FailedFindings).toEqual([
    {
      Id: 'bad',
      ErrorCode: 'InvalidInput',
      ErrorMessage:
        'Finding does not adhere to Amazon Finding Format. data.Title should NOT be longer than 256 characters, data.Description should NOT be shorter than 1 characters.',
    },
  ]);
  expect((await get()).Findings?.map(({ Id }) => Id)).toEqual(['good']);
});

test('an update that is not newer is ignored; one that is leaves what is the customer’s', async () => {
  const { put, get } = await hub();
  await put(finding('f'));
  await put(finding('f', { Title: 'same time' }));
  expect((await get()).Findings).toMatchObject([{ Title: 't', Workflow: { Status: 'NEW' }, Severity: { Label: 'HIGH' } }]);
  await put(finding('f', { Title: 'later', UpdatedAt: '2026-11-02T00:00:00Z', Workflow: { Status: 'SUPPRESSED' } }));
  expect((await get()).Findings).toMatchObject([{ Title: 'later', Workflow: { Status: 'NEW' } }]);
});

test('findings of another account, or under another product, are refused', async () => {
  const { put } = await hub();
  await expect(put(finding('f', { AwsAccountId: B }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const ProductArn = `arn:aws:securityhub:${R}::product/aws/guardduty`;
  await expect(put(finding('f', { ProductArn }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('who has not enabled it can neither read nor import', async () => {
  const { put, get } = await hub({ enabled: false });
  expect((await put(finding('f'))).FailedFindings).toMatchObject([{ Id: 'f', ErrorCode: 'InvalidAccess' }]);
  await expect(get()).rejects.toMatchObject({ name: 'InvalidAccessException', $metadata: { httpStatusCode: 401 } });
});

test('filters, pages, and limits of a batch', async () => {
  const { put, get } = await hub();
  const many = Array.from({ length: 101 }, (_, index) =>
    finding(`f${String(index)}`, { ProductFields: { odd: String(index % 2) } }),
  );
  await expect(put(...many)).rejects.toMatchObject({ name: 'InvalidInputException' });
  await put(...many.slice(0, 100));
  const Filters = { ProductFields: [{ Key: 'odd', Value: '1', Comparison: 'EQUALS' }] };
  const first = await get({ Filters, MaxResults: 30 });
  expect(first.Findings).toHaveLength(30);
  const rest = await get({ Filters, MaxResults: 30, NextToken: first.NextToken });
  expect([rest.Findings?.length, rest.NextToken]).toEqual([20, undefined]);
  const ids = [
    { Value: 'f1', Comparison: 'EQUALS' },
    { Value: 'f10', Comparison: 'EQUALS' },
  ];
  expect((await get({ Filters: { Id: ids } })).Findings).toHaveLength(2);
  expect((await get({ Filters: { Id: [{ Value: 'f1', Comparison: 'PREFIX' }] } })).Findings).toHaveLength(11);
});

test('three reads a second, six at once', async () => {
  const { get } = await hub({ quotas: true });
  const answers = await Promise.allSettled(Array.from({ length: 9 }, () => get()));
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [(answer.reason as Error).name] : []));
  expect(refused.length).toBeGreaterThan(0);
  expect(new Set(refused)).toEqual(new Set(['TooManyRequestsException']));
});
