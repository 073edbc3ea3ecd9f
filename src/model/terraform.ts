/**
 * A string literal of Terraform's language, whatever the text: `${` and `%{` would start a template.
 * https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function terraformString(text: string): string {
  return JSON.stringify(text).replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
