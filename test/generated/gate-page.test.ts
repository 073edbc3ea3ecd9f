import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { exitCodeMarkdown } from '../gate/exit-codes.js';

const marked = /(<!-- generated: exit-codes -->\n)[\s\S]*?(<!-- end generated -->)/;

test('docs/gate.md shows the table of exit codes as it is tested', async () => {
  const page = await readFile(fileURLToPath(new URL('../../docs/gate.md', import.meta.url)), 'utf8');
  expect(page).toMatch(marked);
  const written = page.replace(marked, (_, open: string, close: string) => `${open}\n${exitCodeMarkdown()}\n\n${close}`);
  await expect(written).toMatchFileSnapshot('../../docs/gate.md');
});
