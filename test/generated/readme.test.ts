import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const marked = /(<!-- generated: iam-policy -->\n)[\s\S]*?( *<!-- end generated -->)/;

test('README.md shows docs/iam-policy.json as it is', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const policy = (await readFile(join(root, 'docs/iam-policy.json'), 'utf8')).trimEnd();
  expect(readme).toMatch(marked);
  const block = ['', '```json', ...policy.split('\n'), '```', ''].map((line) => (line === '' ? '' : `   ${line}`)).join('\n');
  await expect(readme.replace(marked, (_, open: string, close: string) => `${open}${block}\n${close}`)).toMatchFileSnapshot(
    '../../README.md',
  );
});
