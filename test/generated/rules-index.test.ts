import { expect, test } from 'vitest';
import { root, ruleIds } from '../support/rule-files.js';

/** `kms/rotation-enabled` becomes `kmsRotationEnabled`. */
function importName(id: string): string {
  return id.replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

test('rules/index.ts imports every rule file', async () => {
  const ids = ruleIds();
  const text = [
    '// Generated from the files in rules/. Run `npm run generate` to update.',
    "import type { Rule } from '#model/rule.js';",
    ...ids.map((id) => `import ${importName(id)} from './${id}.js';`),
    '',
    '/** Every built-in rule, by id. */',
    'export const rules: readonly Rule[] = [',
    ...ids.map((id) => `  ${importName(id)},`),
    '];',
    '',
    '/** Their ids: data that names a rule is checked by the compiler. */',
    `export type RuleId =\n${ids.map((id) => `  | '${id}'`).join('\n')};`,
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot(`${root}rules/index.ts`);
});
