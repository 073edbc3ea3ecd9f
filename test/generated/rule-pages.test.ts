import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtIn, facetCalls } from '#collect/registry.js';
import { compareText } from '#model/place.js';
import { rules } from '#rules/index.js';
import { root } from '../support/rule-files.js';
import { endOfHeader, pageHeader, table } from '../support/rule-page.js';

const operations = facetCalls(builtIn);
const emptyBody = '\n## What unknown means here\n\n## Examples\n';

test.each(rules.map((rule) => ({ rule, id: rule.id })))('docs/rules/$id.md has the header of its rule', async ({ rule, id }) => {
  const path = `${root}docs/rules/${id}.md`;
  const written = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const end = written.indexOf(endOfHeader);
  const body = end < 0 ? emptyBody : written.slice(end + endOfHeader.length + 1);
  await expect(`${pageHeader(rule, operations)}${body}`).toMatchFileSnapshot(path);
});

test('docs/rules/README.md lists every rule', async () => {
  const services = [...new Set(rules.map(({ id }) => id.slice(0, id.indexOf('/'))))].sort(compareText);
  const sections = services.flatMap((service) => [
    `## ${service}`,
    '',
    ...table(
      ['rule', 'severity', 'what holds when it passes'],
      rules
        .filter(({ id }) => id.startsWith(`${service}/`))
        .map(({ id, severity, title }) => [`[\`${id}\`](${id}.md)`, severity, title]),
    ),
    '',
  ]);
  const text = [
    '<!-- Generated from the rules. Run `npm run generate` to update. -->',
    '',
    '# Rules',
    '',
    `${rules.length} rules. Each page says what the rule reads, in which order it decides, what it says and how to mend what it finds.`,
    '',
    ...sections,
  ];
  await expect(`${text.join('\n').trimEnd()}\n`).toMatchFileSnapshot(`${root}docs/rules/README.md`);
});
