import { cloudFormationTemplate } from './cloudformation.js';
import type { RoleSpec } from './iam-policy.js';
import { terraformModule } from './terraform.js';

/** Only IAM JSON is a text for each document. */
const renderers = {
  iam: ({ documents }: RoleSpec) => documents.map((document) => `${JSON.stringify(document, null, 2)}\n`),
  cloudformation: (role: RoleSpec) => [cloudFormationTemplate(role)],
  terraform: (role: RoleSpec) => [terraformModule(role)],
} as const;

export type PolicyFormat = keyof typeof renderers;
export const policyFormats = Object.keys(renderers) as readonly PolicyFormat[];

/** The texts of a role in a format. */
export function renderRole(role: RoleSpec, format: PolicyFormat): readonly string[] {
  return renderers[format](role);
}
