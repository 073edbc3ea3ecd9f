import type { Identity } from './resources/index.js';
import type { Remediation } from './rule.js';
import { shellQuote } from './shell.js';
import { terraformString } from './terraform.js';

/** How to look through the grants of a key and end one. */
export function revokeGrants({ arn, region, account, partition }: Identity, text: string): Remediation {
  const key = `--region ${shellQuote(region)} --key-id ${shellQuote(arn)}`;
  const grantee = terraformString(`arn:${partition}:iam::${account}:role/application`);
  return {
    text,
    cli: `aws kms list-grants ${key}\n# Set GRANT_ID to the id of the grant to end, then:\naws kms revoke-grant ${key} --grant-id "$GRANT_ID"`,
    terraform: `resource "aws_kms_grant" "this" {\n  key_id            = ${terraformString(arn)}\n  grantee_principal = ${grantee}\n  operations        = ["Decrypt", "GenerateDataKey"]\n  constraints {\n    encryption_context_equals = var.encryption_context\n  }\n}`,
  };
}
