import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { collectedFacet } from '#collect/asked.js';
import { builtIn, facetOperations } from '#collect/registry.js';
import type { Identity, Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import { rules } from '#rules/index.js';
import { root, ruleIds } from '../support/rule-files.js';
import { sampleResource, samplesOf } from '../support/samples.js';
import { home } from '../support/resources.js';

const operations = facetOperations(builtIn);
const headings = ['## What unknown means here', '## Examples'];

/** A name that runs a command wherever it is not quoted, and one that ends a string of Terraform's. */
const hostile = `it's "x" $(touch pwned) \`touch pwned\` ; touch pwned # \${file("/etc/passwd")}\ntouch pwned`;

function identityOf(kind: Kind, name?: string): Identity {
  const { record } = sampleResource(kind);
  const arn = name === undefined ? record.arn : `${record.arn.slice(0, -'sample'.length)}${name}`;
  return { ...home, kind, arn, name: name ?? record.name, region: name ?? record.region };
}

test('every rule file is registered, in the order of ids', () => {
  expect(rules.map(({ id }) => id)).toEqual(ruleIds());
});

describe.each(rules.map((rule) => ({ rule, id: rule.id })))('$id', ({ rule, id }) => {
  test('has cases and a page, whose body says what it must', () => {
    expect(existsSync(`${root}test/rules/${id}.test.ts`)).toBe(true);
    const page = readFileSync(`${root}docs/rules/${id}.md`, 'utf8');
    const [, body = ''] = page.split('<!-- end of generated header -->');
    expect(body.split('\n').filter((line) => line.startsWith('## '))).toEqual(headings);
    for (const section of body.split(/^## .*$/m).slice(1)) expect(section.trim().length).toBeGreaterThan(40);
  });

  test('has texts of the right form', () => {
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(new URL(rule.docs.source).origin).toBe('https://docs.aws.amazon.com');
    for (const message of Object.values(rule.messages)) expect(message).toMatch(/^[A-Z{].*\.$/s);
    for (const text of [rule.docs.why, rule.docs.waive]) expect(text).toMatch(/^[A-Z].*\.$/s);
    expect(rule.states.length).toBeGreaterThan(1);
    for (const [state, verdict] of rule.states) {
      expect(state).not.toBe('');
      expect(verdict).toMatch(/^(pass|fail|unknown|not applicable)\b/);
    }
  });

  test('has options with a default and a meaning each', () => {
    if (rule.options === null) return;
    rule.options.parse({});
    expect(rule.options.safeParse({ noSuchOption: 1 }).success).toBe(false);
    const { properties = {} } = z.toJSONSchema(rule.options, { io: 'input' }) as {
      properties?: Record<string, { description?: string }>;
    };
    for (const { description } of Object.values(properties)) expect(description).toMatch(/^[A-Z].*[^.]$/);
  });

  test('needs facets that some call reads', () => {
    for (const kind of rule.kinds) {
      for (const facet of rule.needs)
        expect(operations.has(`${kind}/${collectedFacet(kind, facet)}`), `${kind}/${facet}`).toBe(true);
    }
    for (const facet of rule.wants)
      expect(
        rule.kinds.some((kind) => operations.has(`${kind}/${collectedFacet(kind, facet)}`)),
        facet,
      ).toBe(true);
    for (const [kind, facets] of Object.entries(rule.lookups))
      for (const facet of facets) expect(operations.has(`${kind}/${facet}`)).toBe(true);
    for (const premise of rule.premises) expect(rule.needs).toContain(premise);
  });

  test.each(rule.kinds)('says how to mend a %s', (kind) => {
    const { text, cli, terraform } = rule.remediation(identityOf(kind));
    expect(text).toMatch(/^[A-Z].*\.$/s);
    expect(cli).toContain('aws ');
    expect(cli).toContain(home.region);
    expect(terraform).toMatch(/^(#|resource) /);
    const { cli: again, terraform: terraformAgain } = rule.remediation(identityOf(kind, hostile));
    expectHarmless(again ?? '');
    expect(terraformAgain, 'a template in a string').not.toMatch(/(?<!\$)\$\{/);
    for (const facts of factsOf(rule, kind)) {
      const remedy = rule.remediation(identityOf(kind, hostile), facts);
      expect(remedy.terraform).toMatch(/^(#|resource) /);
      expect(remedy.terraform, 'a template in a string').not.toMatch(/(?<!\$)\$\{/);
      expect(remedy.text).toMatch(/^[A-Z].*\.$/s);
      expectHarmless(remedy.cli ?? '');
    }
  });
});

/** What a remediation may be told of a resource: each sample of each facet that the rule needs, and each engine of a database. */
function factsOf({ needs }: Rule, kind: Kind): readonly object[] {
  const samples = needs.flatMap((facet) =>
    samplesOf(kind, collectedFacet(kind, facet)).map((value) => sampleResource(kind, { [facet]: value }).record.facets),
  );
  const engines = kind.startsWith('rds.')
    ? ['neptune', 'docdb'].map((engine) => {
        const { facets } = sampleResource(kind).record;
        return { ...facets, details: { ...(facets['details'] as object), engine } };
      })
    : [];
  return [...samples, ...engines];
}

/** Runs the commands with an `aws` and a `jq` that do nothing: a hostile name may run nothing of its own. */
function expectHarmless(cli: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'atrest-remediation-'));
  try {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `aws() { echo one two; }; jq() { cat; }; KEY=arn ACCOUNT=a TAG=t VALUE=v PRIMARY_REGION=p REPLICA_REGION=r; ${cli}`],
      {
        cwd: directory,
        encoding: 'utf8',
      },
    );
    expect({ status, stderr, cli }).toEqual({ status: 0, stderr: '', cli });
    expect(readdirSync(directory)).not.toContain('pwned');
  } finally {
    rmSync(directory, { recursive: true });
  }
}
