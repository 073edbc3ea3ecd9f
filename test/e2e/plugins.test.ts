import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import type { RuleDescription } from '#index.js';
import type { Report } from '#model/report.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';
import { smallWorld } from '../support/small-world.js';

let estate: Estate;
beforeAll(async () => {
  estate = await startEstate(smallWorld());
});
afterAll(() => estate.close());

const declared = `rule: house/named-keys
kind: kms.key
severity: low
title: Customer managed keys have a description
when: { field: metadata.manager, equals: CUSTOMER }
require:
  all:
    - { field: metadata.description, matches: "?*" }
    - { field: metadata.state, in: [Enabled, Disabled, PendingDeletion] }
message: "The key {name} in {region} says nothing of itself; it is {metadata.state}."
`;

/** A rule with nothing that is optional. */
const bare = `export default {
  id: 'house/attached',
  kind: 'ebs.volume',
  severity: 'info',
  title: 'Volumes are attached',
  needs: ['details'],
  evaluate: ({ details }, { pass, fail }) =>
    details.attachedTo.length > 0 ? pass('attached') : fail('Nothing is attached.', { expected: 'attached', actual: 'not' }),
};
`;

/** A report format: a line for each fail. */
const fails = `export const formats = [
  {
    name: 'house-lines',
    file: 'report.house.txt',
    async *render({ header, findings }) {
      yield \`\${header.run.id}\\n\`;
      for await (const { verdict, rule, resource } of findings()) if (verdict === 'fail') yield \`\${rule} \${resource}\\n\`;
    },
  },
];
`;

async function plugin(folder: string, files: Readonly<Record<string, string>>, name = 'rules'): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), text);
}

const reportOf = async (folder: string, run: string): Promise<Report> =>
  JSON.parse(await readFile(join(folder, run, 'report.json'), 'utf8')) as Report;

describe('an outside plugin', () => {
  const judging = ['--fail-on', 'never', '--allow-incomplete', '--region', 'us-east-1'];

  test('is named by the config, judges with its own options, and is in every format', async () => {
    await inFolder(async (folder) => {
      const env = estateEnv(estate);
      await plugin(folder, { 'keys.yaml': declared, 'attached.mjs': bare }, 'conf/rules');
      expect((await atrest(['rules', 'new', 'house/unattached', '--dir', 'conf/rules'], { cwd: folder })).code).toBe(0);
      await writeFile(
        join(folder, 'conf', 'a.yaml'),
        'version: 1\nplugins: [./rules]\nbaselines: { own: { extends: strict, rules: { house/unattached: [high, { days: 0 }] } } }\nassign: [{ baseline: own }]\n',
      );
      const scanned = await atrest(
        ['scan', '--config', 'conf/a.yaml', '--out', 'run', '--include-pass', '--explain', '--format', 'json,html', ...judging],
        { cwd: folder, env },
      );
      expect(scanned.stderr).not.toContain('atrest:');
      expect(scanned.code).toBe(0);
      const { findings, rules } = await reportOf(folder, 'run');
      const named = findings.filter(({ rule }) => rule === 'house/named-keys');
      expect(new Set(named.map(({ verdict }) => verdict))).toEqual(new Set(['fail', 'not-applicable']));
      expect(named.find(({ verdict }) => verdict === 'fail')?.message).toMatch(
        /^The key \S+ in us-east-1 says nothing of itself; it is (Enabled|Disabled|PendingDeletion)\.$/,
      );
      expect(findings.find(({ rule, verdict }) => rule === 'house/attached' && verdict === 'fail')?.message).toBe(
        'Nothing is attached.',
      );
      expect(findings.find(({ rule, verdict }) => rule === 'house/unattached' && verdict === 'fail')?.severity).toBe('high');
      expect(rules.find(({ id }) => id === 'house/attached')).toMatchObject({ title: 'Volumes are attached', severity: 'info' });
      expect(rules.length).toBeGreaterThan(20);
      expect(await readFile(join(folder, 'run', 'report.html'), 'utf8')).toContain('house/attached');

      const evaluated = await atrest(
        ['evaluate', 'run', '--out', 'again', '--plugin', './conf/rules', '--fail-on', 'never', '--allow-incomplete'],
        { cwd: folder },
      );
      expect(evaluated.code).toBe(0);
      const again = await reportOf(folder, 'again');
      expect(again.findings).toEqual(findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown'));
    });
  });

  test('is asked for where a run that it judged is judged again, and is nowhere left out in silence', async () => {
    await inFolder(async (folder) => {
      await plugin(folder, { 'keys.yaml': declared, 'attached.mjs': bare }, 'conf/rules');
      await writeFile(
        join(folder, 'conf', 'a.yaml'),
        'version: 1\nplugins: [./rules]\nbaselines: { own: { extends: strict, rules: { house/named-keys: off } } }\nassign: [{ baseline: own }]\n',
      );
      const scanned = ['scan', '--config', 'conf/a.yaml', '--out', 'run', '--service', 'ec2', ...judging];
      expect((await atrest(scanned, { cwd: folder, env: estateEnv(estate) })).code).toBe(0);
      const again = (args: readonly string[]) => atrest([...args, '--allow-incomplete'], { cwd: folder });
      const evaluated = await again(['evaluate', 'run', '--out', 'again', '--fail-on', 'never']);
      expect(evaluated.code).toBe(2);
      expect(evaluated.stderr).toContain('run was judged by rules that are not loaded, of ./rules (house/attached)');
      expect(evaluated.stderr).toContain('--plugin ./rules');
      await expect(readFile(join(folder, 'again', 'run.json'))).rejects.toThrow('ENOENT');
      const passes = await atrest(['report', 'run', '--include-pass'], { cwd: folder });
      expect({ code: passes.code, said: passes.stderr }).toEqual({ code: 2, said: evaluated.stderr });

      // What was found is stored.
      expect((await atrest(['report', 'run', '--format', 'json'], { cwd: folder })).code).toBe(0);
      expect((await reportOf(folder, 'run')).findings.some(({ rule }) => rule === 'house/attached')).toBe(true);
    });
  });

  test('is named by a flag, and may be all that is asked for', async () => {
    await inFolder(async (folder) => {
      await plugin(folder, { 'attached.mjs': bare });
      const calls = estate.log.length;
      const { code } = await atrest(['scan', '--plugin', './rules', '--rules', 'house/*', '--out', 'run', ...judging], {
        cwd: folder,
        env: estateEnv(estate),
      });
      expect(code).toBe(0);
      const { findings, rules } = await reportOf(folder, 'run');
      expect(rules.map(({ id }) => id)).toEqual(['house/attached']);
      expect(findings.length).toBeGreaterThan(0);
      const made = new Set(estate.log.slice(calls).map(({ operation }) => operation));
      expect([...made].filter((operation) => operation.startsWith('kms:') || operation.startsWith('s3:'))).toEqual([]);
      await plugin(folder, { 'lines.mjs': fails }, 'lines');
      const report = (...more: string[]) => atrest(['report', 'run', '--format', 'house-lines', ...more], { cwd: folder });
      expect(await report('--plugin', './lines')).toMatchObject({ code: 0, stderr: 'house-lines: run/report.house.txt\n' });
      const [run, ...lines] = (await readFile(join(folder, 'run', 'report.house.txt'), 'utf8')).trim().split('\n');
      expect(run).toMatch(/^[\w-]+$/);
      const failed = findings.filter(({ verdict }) => verdict === 'fail');
      expect(lines).toEqual(failed.map(({ rule, resource }) => `${rule} ${resource}`));
      expect(await report()).toMatchObject({ code: 2, stderr: expect.stringContaining('no format house-lines') as string });
      await plugin(folder, { 'lines.mjs': fails.replace('yield', 'yield 7;') }, 'seven');
      expect(await report('--plugin', './seven')).toMatchObject({
        code: 70,
        stderr: expect.stringContaining('The format house-lines of the plugin ./seven failed: it yields number') as string,
      });
      // Rules that are named anew need not be those of the run.
      const others = ['evaluate', 'run', '--out', 'others', '--rules', 'ebs/volume-encrypted', '--fail-on', 'never'];
      expect((await atrest(others, { cwd: folder })).code).toBe(0);
    });
  });

  test('may be an npm package', async () => {
    await inFolder(async (folder) => {
      await plugin(
        folder,
        {
          'package.json': '{ "name": "house-rules", "version": "1.0.0", "exports": "./main.mjs" }',
          'main.mjs': bare.replace('export default {', 'export default { rules: [{').replace(/};\n$/, '}] };\n'),
        },
        'node_modules/house-rules',
      );
      await writeFile(join(folder, 'atrest.yaml'), 'version: 1\nplugins: [house-rules]\n');
      const { stdout, stderr } = await atrest(['rules', 'list', '--json', '--plugin', 'house-rules'], { cwd: folder });
      expect(stderr).toBe('');
      const listed = JSON.parse(stdout) as RuleDescription[];
      expect(listed.find(({ id }) => id === 'house/attached')).toMatchObject({
        origin: 'house-rules',
        operations: ['ec2:DescribeVolumes'],
      });
      expect(listed.find(({ id }) => id === 'ebs/volume-encrypted')?.origin).toBe('built-in');
    });
  });

  test('may want of several kinds what only one of them has', async () => {
    await inFolder(async (folder) => {
      const onBuckets = bare
        .replace("kind: 'ebs.volume'", "kinds: ['s3.bucket', 's3.directory-bucket'], wants: ['policy']")
        .replace("['details']", "['defaultEncryption']");
      await plugin(folder, { 'a.mjs': onBuckets });
      const { stdout, stderr } = await atrest(['rules', 'list', '--json', '--plugin', './rules'], { cwd: folder });
      expect(stderr).toBe('');
      const listed = JSON.parse(stdout) as RuleDescription[];
      expect(listed.find(({ id }) => id === 'house/attached')?.actions).toEqual([
        's3:GetBucketPolicy',
        's3:GetEncryptionConfiguration',
        's3:ListAllMyBuckets',
        's3express:GetEncryptionConfiguration',
        's3express:ListAllMyDirectoryBuckets',
      ]);
    });
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['syntax', { 'a.mjs': 'export default {' }, /plugin \.\/rules does not load: a\.mjs: /],
    ['no default export', { 'a.mjs': 'export const rule = 1;' }, /a\.mjs has no default export/],
    ['something else', { 'a.mjs': 'export default 7;' }, /a\.mjs: this is not a rule/],
    ['no severity', { 'a.mjs': bare.replace("severity: 'info',", '') }, /a\.mjs: this is not a rule: severity/],
    [
      'an unknown kind',
      { 'a.mjs': bare.replace('ebs.volume', 'ebs.volum') },
      /house\/attached: there is no kind ebs\.volum; did you mean ebs\.volume\?/,
    ],
    [
      'an unknown facet',
      { 'a.mjs': bare.replace("['details']", "['detail']") },
      /ebs\.volume has no facet detail; did you mean details\?/,
    ],
    [
      'an unknown want',
      { 'a.mjs': bare.replace("['details'],", "['details'], wants: ['detail'],") },
      /ebs\.volume has no facet detail; did you mean details\?/,
    ],
    [
      'a built-in id',
      { 'a.mjs': bare.replace('house/attached', 'ebs/volume-encrypted') },
      /has a rule ebs\/volume-encrypted, which is built in already/,
    ],
    ['twice the same', { 'a.mjs': bare, 'b.mjs': bare }, /has a rule house\/attached, which is one of \.\/rules already/],
    ['formats that are no list', { 'a.mjs': 'export const formats = 7;' }, /a\.mjs exports formats that are not a list/],
    ['a format without a file', { 'a.mjs': fails.replace('file:', 'fil:') }, /a\.mjs: this is not a format: file: /],
    ['a format that is there', { 'a.mjs': fails.replace('house-lines', 'csv') }, /a\.mjs: there is a format csv already/],
    [
      'a file that another format writes',
      { 'a.mjs': fails.replace('report.house.txt', 'report.csv') },
      /a\.mjs: the format csv writes report\.csv already/,
    ],
    ['nothing', { 'read.me': '' }, /The plugin \.\/rules has neither rules nor formats/],
    ['broken YAML', { 'a.yaml': 'rule: [' }, /a\.yaml:\d+:\d+: /],
    ['an unknown operator', { 'a.yaml': declared.replace('matches:', 'matchs:') }, /a\.yaml:\d+:\d+: require/],
    [
      'an unknown facet in a condition',
      { 'a.yaml': declared.replace('metadata.manager', 'metadat.manager') },
      /kms\.key has no facet metadat; did you mean metadata\?/,
    ],
    [
      'a message that names what is not read',
      { 'a.yaml': declared.replace('{region}', '{policy}') },
      /the message names \{policy\}/,
    ],
  ])('that holds %s is refused before anything is scanned', async (_name, files, message) => {
    await inFolder(async (folder) => {
      await plugin(folder, files);
      const calls = estate.log.length;
      const { code, stderr } = await atrest(['scan', '--plugin', './rules'], { cwd: folder, env: estateEnv(estate) });
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(code).toBe(2);
      expect(estate.log.length).toBe(calls);
    });
  });

  test('that is not there is refused', async () => {
    const { code, stderr } = await atrest(['scan', '--plugin', './nowhere']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('The plugin ./nowhere is not there') as string });
    const { stderr: package_ } = await atrest(['scan', '--plugin', 'no-such-package-at-all']);
    expect(package_).toContain('The plugin no-such-package-at-all is not installed');
  });

  test('whose declared rule names a field that no resource has is an error of the rule, not a verdict', async () => {
    await inFolder(async (folder) => {
      await plugin(folder, { 'a.yaml': declared.replace('metadata.description', 'metadata.descripton') });
      const { code, stderr } = await atrest(['scan', '--plugin', './rules', '--rules', 'house/*', '--out', 'run', ...judging], {
        cwd: folder,
        env: estateEnv(estate),
      });
      expect(stderr).toContain('rule error');
      expect(code).toBe(70);
      const { errors } = await reportOf(folder, 'run');
      expect(errors[0]?.message).toContain('kms.key has no field metadata.descripton; metadata has ');
    });
  });
});

describe('atrest rules test', () => {
  test('passes for what rules new writes, which is there once', async () => {
    await inFolder(async (folder) => {
      const made = await atrest(['rules', 'new', 'house/unattached', '--dir', 'mine'], { cwd: folder });
      expect(made.stdout.trim().split('\n')).toEqual(['mjs', 'test.yaml', 'md'].map((end) => `mine/house-unattached.${end}`));
      const { code, stdout, stderr } = await atrest(['rules', 'test', 'mine'], { cwd: folder });
      expect(stdout).not.toContain('FAIL');
      expect(stderr).toContain('5 of 5 cases hold.');
      expect(code).toBe(0);
      const again = await atrest(['rules', 'new', 'house/unattached', '--dir', 'mine'], { cwd: folder });
      expect(again.code).toBe(2);
      expect(again.stderr).toContain('is there already');
    });
  });

  test.each([
    [
      'a wrong verdict',
      /verdict: fail/,
      'verdict: pass',
      /FAIL {2}house\/unattached {2}made a year ago: expected pass, got fail: The volume is unattached/,
    ],
    [
      'a wrong message',
      /attached to i-1/,
      'attached to i-2',
      /expected "The volume is attached to i-2\.", got "The volume is attached to i-1\."/,
    ],
    ['a verdict without a case', /verdict: unknown/, 'verdict: not-applicable', /there is no case whose verdict is unknown/],
    ['a rule that throws', /attachedTo: \[i-1\]/, 'attachedTo: null', /expected pass, got error/],
  ])('fails for %s', async (_name, from, to, message) => {
    await inFolder(async (folder) => {
      await atrest(['rules', 'new', 'house/unattached', '--dir', 'mine'], { cwd: folder });
      const cases = join(folder, 'mine', 'house-unattached.test.yaml');
      await writeFile(cases, (await readFile(cases, 'utf8')).replace(from, to));
      const { code, stdout } = await atrest(['rules', 'test', 'mine'], { cwd: folder });
      expect(stdout).toMatch(message);
      expect(code).toBe(1);
    });
  });

  test('takes what is not there for a fact of a tag, an element or a facet, and for a mistake of any other field', async () => {
    await inFolder(async (folder) => {
      const rule = (id: string, kind: string, condition: string) =>
        `{ rule: house/${id}, kind: ${kind}, severity: low, title: T, require: ${condition}, message: M }`;
      const cases = (id: string, given: string, ...resources: readonly (readonly [string, string])[]) =>
        `{ rule: house/${id}, notApplicable: "${given}", cases: [${resources
          .map(([verdict, facets], at) => `{ name: "${String(at)}", verdict: ${verdict}, resource: ${facets} }`)
          .join(', ')}] }`;
      const tags = (text: string) => `{ facets: { tags: {${text}} } }`;
      const unread = (facet: string) => ['unknown', `{ unread: [${facet}] }`] as const;
      const details = (text: string) => `{ facets: { details: {${text}} } }`;
      const policy = (value: string) => `{ facets: { policy: ${value} } }`;
      const inSet = (role: string) => `{ facets: { metadata: { multiRegion: ${role} } } }`;
      await plugin(folder, {
        'tag.yaml': rule('tag', 's3.bucket', '{ field: tags.cost.center, matches: "4*" }'),
        'tag.test.yaml': cases(
          'tag',
          'none',
          ['pass', tags('cost.center: "42"')],
          ['fail', tags('cost.center: "7"')],
          ['fail', tags('owner: x')],
          unread('tags'),
        ),
        'no-tag.yaml': rule('no-tag', 's3.bucket', '{ not: { field: tags.public, equals: "yes" } }'),
        'no-tag.test.yaml': cases('no-tag', 'none', ['fail', tags('public: "yes"')], ['pass', tags('')], unread('tags')),
        'first.yaml': rule('first', 'ebs.volume', '{ field: details.attachedTo.0, matches: "i-*" }'),
        'first.test.yaml': cases(
          'first',
          'none',
          ['pass', details('attachedTo: [i-1]')],
          ['fail', details('attachedTo: []')],
          unread('details'),
        ),
        'policy.yaml': rule('policy', 's3.bucket', '{ field: policy, matches: "*Deny*" }'),
        'policy.test.yaml': cases('policy', 'none', ['pass', policy('"Deny"')], ['fail', policy('null')], unread('policy')),
        'set.yaml': rule('set', 'kms.key', '{ field: metadata.multiRegion.role, equals: PRIMARY }'),
        'set.test.yaml': cases(
          'set',
          'none',
          ['pass', inSet('{ role: PRIMARY }')],
          ['fail', inSet('{ role: REPLICA }')],
          ['unknown', inSet('null')],
        ),
        'deep.yaml': rule('deep', 'kms.key', '{ field: metadata.multiRegion.rol, equals: PRIMARY }'),
        'deep.test.yaml': cases('deep', 'none', ['pass', inSet('{ role: PRIMARY }')]),
      });
      const { stdout } = await atrest(['rules', 'test', 'rules'], { cwd: folder });
      const wrong = stdout.split('\n').filter((line) => !line.startsWith('ok') && line !== '');
      expect(wrong.filter((line) => !line.includes('house/deep'))).toEqual([]);
      expect(wrong[0]).toContain(
        'expected pass, got error: kms.key has no field metadata.multiRegion.rol; metadata.multiRegion has role',
      );
    });
  });

  test('judges a declared rule too', async () => {
    await inFolder(async (folder) => {
      const key = (state: string, description: string | null, manager = 'CUSTOMER') =>
        `{ name: k, facets: { metadata: { manager: ${manager}, description: ${JSON.stringify(description)}, state: ${state} } } }`;
      await plugin(folder, {
        'keys.yaml': declared,
        'keys.test.yaml': `rule: house/named-keys
cases:
  - { name: described, verdict: pass, resource: ${key('Enabled', 'x')} }
  - { name: empty, verdict: fail, message: "The key k in us-east-1 says nothing of itself; it is Enabled.", resource: ${key('Enabled', '')} }
  - { name: another state decides alone, verdict: fail, resource: ${key('Creating', null)} }
  - { name: left out, verdict: unknown, message: "AWS left metadata.description out of kms.key/metadata.", resource: ${key('Enabled', null)} }
  - { name: AWS managed, verdict: not-applicable, resource: ${key('Enabled', '', 'AWS')} }
`,
      });
      const { code, stdout } = await atrest(['rules', 'test', 'rules'], { cwd: folder });
      expect(stdout.split('\n').filter((line) => !line.startsWith('ok'))).toEqual(['']);
      expect(code).toBe(0);
    });
  });
});
