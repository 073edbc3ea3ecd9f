import type { Fields } from '../operation.js';

/** Longest texts by path: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html */
const longest: Readonly<Record<string, number>> = {
  Id: 512,
  ProductArn: 2048,
  ProductName: 128,
  CompanyName: 128,
  GeneratorId: 512,
  Title: 256,
  Description: 1024,
  'Remediation.Recommendation.Text': 512,
  'Resources[].Type': 256,
  'Resources[].Region': 16,
  'FindingProviderFields.Severity.Original': 64,
  'Note.Text': 512,
};
const most: Readonly<Record<string, number>> = {
  Resources: 32,
  Types: 50,
  'FindingProviderFields.Types': 50,
  'Compliance.RelatedRequirements': 32,
  'Compliance.AssociatedStandards': 20,
};
const maps: Readonly<Record<string, number>> = {
  ProductFields: 2048,
  UserDefinedFields: 1024,
  'Resources[].Details.Other': 1024,
};
const words: Readonly<Record<string, readonly string[]>> = {
  SchemaVersion: ['2018-10-08'],
  RecordState: ['ACTIVE', 'ARCHIVED'],
  'Compliance.Status': ['PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE'],
  'FindingProviderFields.Severity.Label': ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
  'Resources[].Partition': ['aws', 'aws-cn', 'aws-us-gov'],
};
const required = [
  ...['SchemaVersion', 'Id', 'ProductArn', 'GeneratorId', 'AwsAccountId', 'CreatedAt', 'UpdatedAt', 'Title', 'Description'],
  'Resources',
];
const times = ['CreatedAt', 'UpdatedAt', 'FirstObservedAt', 'LastObservedAt'];
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;
const typePattern = /^([^/]+)(\/[^/]+){0,2}$/;
const bytesMax = 240 * 1024;

/** What Security Hub finds wrong with a finding, in its words; empty: nothing. */
export function formatProblems(finding: Fields): readonly string[] {
  const problems = required
    .filter((name) => finding[name] === undefined)
    .map((name) => `data should have required property '${name}'`);
  if (finding['FindingProviderFields'] === undefined && finding['Severity'] === undefined)
    problems.push("data should have required property 'FindingProviderFields'");
  for (const name of times) {
    const value = finding[name];
    if (value !== undefined && !(typeof value === 'string' && timePattern.test(value)))
      problems.push(`data.${name} should match format "date-time"`);
  }
  if (!/^\d{12}$/.test(String(finding['AwsAccountId']))) problems.push('data.AwsAccountId should match pattern "^[0-9]{12}$"');
  if (Array.isArray(finding['Resources']) && finding['Resources'].length === 0)
    problems.push('data.Resources should NOT have fewer than 1 items');
  visit(finding, '', problems);
  if (Buffer.byteLength(JSON.stringify(finding)) > bytesMax) problems.push('data is larger than 240 KB');
  return problems;
}

function visit(value: unknown, path: string, problems: string[]): void {
  const named = path.replace(/\[\d+\]/g, '[]');
  if (typeof value === 'string') {
    checkText(value, path, named, problems);
  } else if (Array.isArray(value)) {
    const max = most[named];
    if (max !== undefined && value.length > max) problems.push(`data.${path} should NOT have more than ${String(max)} items`);
    value.forEach((item, index) => {
      visit(item, `${path}[${String(index)}]`, problems);
    });
  } else if (typeof value === 'object' && value !== null) {
    const valueMax = maps[named];
    if (valueMax !== undefined) checkMap(value, path, valueMax, problems);
    for (const [name, inner] of Object.entries(value)) {
      if (valueMax === undefined) visit(inner, path === '' ? name : `${path}.${name}`, problems);
    }
  }
}

function checkText(text: string, path: string, named: string, problems: string[]): void {
  const max = longest[named];
  if (max !== undefined && [...text].length > max)
    problems.push(`data.${path} should NOT be longer than ${String(max)} characters`);
  if (!/\S/.test(text)) problems.push(`data.${path} should NOT be shorter than 1 characters`);
  if (words[named]?.includes(text) === false) problems.push(`data.${path} should be equal to one of the allowed values`);
  if (/Types\[\]$/.test(named) && !typePattern.test(text))
    problems.push(`data.${path} should match pattern "${typePattern.source}"`);
}

function checkMap(map: object, path: string, valueMax: number, problems: string[]): void {
  const entries = Object.entries(map as Record<string, unknown>);
  if (entries.length > 50) problems.push(`data.${path} should NOT have more than 50 properties`);
  for (const [key, value] of entries) {
    if (key.length > 128) problems.push(`data.${path} property name '${key}' is invalid`);
    if (typeof value !== 'string') problems.push(`data.${path}['${key}'] should be string`);
    else if ([...value].length > valueMax)
      problems.push(`data.${path}['${key}'] should NOT be longer than ${String(valueMax)} characters`);
    else if (!/\S/.test(value)) problems.push(`data.${path}['${key}'] should NOT be shorter than 1 characters`);
  }
}
