import type { Identity } from './resources/index.js';
import { shellQuote } from './shell.js';
import { terraformString } from './terraform.js';

/** Commands that fetch the policy of a key, and put it back once it was edited. */
export function editKeyPolicy({ arn, region }: Identity): string {
  const key = `--region ${shellQuote(region)} --key-id ${shellQuote(arn)} --policy-name default`;
  return `aws kms get-key-policy ${key} --query Policy --output text > policy.json\n# Edit policy.json, then:\naws kms put-key-policy ${key} --policy file://policy.json`;
}

/** A statement of a policy: its elements with their values in Terraform's language. */
export type TerraformStatement = readonly (readonly [element: string, value: string])[];

/** The policy of a key in Terraform: the account's own root, which leaves the rest to IAM, and further statements. */
export function keyPolicyBlock({ arn, account, partition }: Identity, ...statements: readonly TerraformStatement[]): string {
  const root: TerraformStatement = [
    ['Effect', '"Allow"'],
    ['Principal', `{ AWS = ${terraformString(`arn:${partition}:iam::${account}:root`)} }`],
    ['Action', '"kms:*"'],
    ['Resource', '"*"'],
  ];
  const blocks = [root, ...statements].map((statement) => {
    const width = Math.max(...statement.map(([element]) => element.length));
    return statement.map(([element, value]) => `      ${element.padEnd(width)} = ${value}`).join('\n');
  });
  return `resource "aws_kms_key_policy" "this" {\n  key_id = ${terraformString(arn)}\n  policy = jsonencode({\n    Version = "2012-10-17"\n    Statement = [{\n${blocks.join('\n    }, {\n')}\n    }]\n  })\n}`;
}
