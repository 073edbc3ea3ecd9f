import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showInGithub } from '#cli/github.js';
import { inFolder } from '../support/cli.js';
import { testIo } from '../support/test-io.js';

test('a summary is added to that of the step, as long as both fit', async () => {
  await inFolder(async (folder) => {
    const [summary, github] = [join(folder, 'summary'), join(folder, 'report.github.md')];
    await writeFile(github, '# é\n');
    const io = testIo({ GITHUB_STEP_SUMMARY: summary });
    await showInGithub({ github }, io);
    await showInGithub({ github }, io);
    expect(await readFile(summary, 'utf8')).toBe('# é\n# é\n');
    expect(io.errText()).toBe('');

    const almost = 'x'.repeat(1024 * 1024 - 5);
    await writeFile(summary, almost);
    await showInGithub({ github }, io);
    expect(await readFile(summary, 'utf8')).toBe(`${almost}# é\n`);
    await showInGithub({ github }, io);
    expect(await readFile(summary, 'utf8')).toBe(`${almost}# é\n`);
    expect(io.errText()).toBe(`The summary of the step is full: ${github} was left out of it.\n`);
  });
});

test('elsewhere, and of other formats, nothing is shown', async () => {
  await inFolder(async (folder) => {
    const summary = join(folder, 'summary');
    await showInGithub({ json: 'report.json' }, testIo({ GITHUB_STEP_SUMMARY: summary }));
    await showInGithub({ github: join(folder, 'nowhere') }, testIo({ GITHUB_STEP_SUMMARY: '' }));
    await expect(readFile(summary)).rejects.toThrow('ENOENT');
  });
});
