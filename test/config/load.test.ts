import { describe, expect, test } from 'vitest';
import { parseConfig as load } from '#config/load.js';
import { AtrestError } from '#model/errors.js';

const parseConfig = (text: string, file: string) => load(text, file).config;

/** The message of the error that a config ends with. */
function refusal(text: string): string {
  try {
    parseConfig(text, 'atrest.yaml');
  } catch (error) {
    if (error instanceof AtrestError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error('the config was expected to be refused');
}

const full = `
# Everything that can be said.
version: 1
scope:
  accounts:
    - "111111111111"
    - { id: "222222222222", name: shop, role: AuditShop }
  role: AtrestAudit
  externalId: x-1
  regions: { include: [us-east-1], exclude: [me-south-1] }
cmkRequired:
  - { tags: { DataClass: [confidential, restricted] } }
  - { kinds: [s3.bucket, ebs.volume], name: "payroll-*", accounts: ["111111111111"], regions: [us-east-1] }
`;

const organized = `
version: 1
scope:
  organization:
    role: AtrestAudit
    listRole: arn:aws:iam::111111111111:role/List
    through: Hub
    externalId: x-1
    sessionName: nightly
    durationSeconds: 900
    include: [ou-prod-*, Root/Prod, "111111111111", { tags: { env: prod }, path: Prod }]
    exclude: ["999999999999"]
  partition: aws-us-gov
`;

test('the language of pages is one that there is', () => {
  expect(parseConfig('version: 1\nlang: ko\n', 'atrest.yaml').lang).toBe('ko');
  expect(refusal('version: 1\nlang: kr\n')).toBe(
    'atrest.yaml:2:7: lang: the language of HTML pages is one of en, ko; did you mean ko?',
  );
  expect(refusal('version: 1\nlang: [ko]\n')).toMatch(/^atrest\.yaml:2:7: lang: .*one of en, ko$/);
});

describe('the scope of a config', () => {
  test('may be an organisation', () => {
    expect(parseConfig(organized, 'atrest.yaml').scope).toMatchObject({
      organization: { role: 'AtrestAudit', include: ['ou-prod-*', 'Root/Prod', '111111111111', { path: 'Prod' }] },
      partition: 'aws-us-gov',
    });
  });

  test.each<[string, string, string | RegExp]>([
    [
      'organisation and accounts',
      'organization: { role: A }\n  accounts: ["111111111111"]',
      'atrest.yaml:3:3: scope: name either organization or accounts',
    ],
    ['an organisation without a role', 'organization: {}', /^atrest\.yaml:3:17: scope\.organization\.role: /],
    [
      'a role and a profile',
      'accounts: [{ id: "111111111111", role: A, profile: b }]',
      'atrest.yaml:3:14: scope.accounts.0: name either a role or a profile',
    ],
    [
      'an id that YAML reads as a number',
      'organization: { role: A, include: [222222222222] }',
      /^atrest\.yaml:3:38: scope\.organization\.include\.0: .*quote an id/,
    ],
    ['an unknown key in a choice', 'organization: { role: A, exclude: [{ tag: { a: b } }] }', /did you mean "tags"\?$/],
    [
      'a session that is too short',
      'organization: { role: A, durationSeconds: 60 }',
      /^atrest\.yaml:3:45: scope\.organization\.durationSeconds: /,
    ],
    [
      'a session name with spaces',
      'sessionName: at rest',
      'atrest.yaml:3:16: scope.sessionName: a session name has 2 to 64 letters, digits or any of +=,.@-',
    ],
    ['a partition that is none', 'partition: china', /^atrest\.yaml:3:14: scope\.partition: a partition is aws, aws-cn/],
  ])('%s is refused, with its place', (_, text, expected) => {
    const message = refusal(`version: 1\nscope:\n  ${text}\n`);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });
});

describe('a config', () => {
  test('is read as it is written', () => {
    expect(parseConfig(full, 'atrest.yaml')).toEqual({
      version: 1,
      scope: {
        accounts: ['111111111111', { id: '222222222222', name: 'shop', role: 'AuditShop' }],
        role: 'AtrestAudit',
        externalId: 'x-1',
        regions: { include: ['us-east-1'], exclude: ['me-south-1'] },
      },
      cmkRequired: [
        { tags: { DataClass: ['confidential', 'restricted'] } },
        { kinds: ['s3.bucket', 'ebs.volume'], name: 'payroll-*', accounts: ['111111111111'], regions: ['us-east-1'] },
      ],
    });
  });

  test('may be JSON, and comes back the same', () => {
    const parsed = parseConfig(full, 'atrest.yaml');
    expect(parseConfig(JSON.stringify(parsed), 'atrest.json')).toEqual(parsed);
  });

  test('may say nothing but its version', () => {
    expect(parseConfig('version: 1\n', 'atrest.yaml')).toEqual({ version: 1 });
  });

  test('may repeat itself with anchors', () => {
    const text = 'version: 1\nscope:\n  regions:\n    include: &home [us-east-1]\n    exclude: *home\n';
    expect(parseConfig(text, 'atrest.yaml').scope?.regions).toEqual({ include: ['us-east-1'], exclude: ['us-east-1'] });
  });
});

describe('an error names file, line and column', () => {
  test.each([
    ['a syntax error', 'version: 1\nscope: [\n', /^atrest\.yaml:\d+:\d+: /],
    ['a tab for indentation', 'version: 1\nscope:\n\trole: x\n', /^atrest\.yaml:3:1: /],
    ['an unclosed quote', 'version: 1\nscope: { role: "x }\n', /^atrest\.yaml:\d+:\d+: /],
    ['a duplicate key', 'version: 1\nscope:\n  role: a\n  role: b\n', /^atrest\.yaml:4:3: .*unique/i],
    ['a second document', 'version: 1\n---\nversion: 1\n', /^atrest\.yaml:\d+:\d+: .*documents/i],
    ['an unknown key', 'version: 1\nscop:\n  role: x\n', 'atrest.yaml:2:1: unknown key "scop"; did you mean "scope"?'],
    [
      'an unknown key of a map inside',
      'version: 1\nscope:\n  regions:\n    exlude: [us-east-1]\n',
      'atrest.yaml:4:5: unknown key "exlude" in scope.regions; did you mean "exclude"?',
    ],
    [
      'an unknown key of a map in a list',
      'version: 1\ncmkRequired:\n  - name: x\n  - { tag: { a: [b] } }\n',
      'atrest.yaml:4:7: unknown key "tag" in cmkRequired.1; did you mean "tags"?',
    ],
    ['an unknown key like no other', 'version: 1\nnonsense: 1\n', 'atrest.yaml:2:1: unknown key "nonsense"'],
    ['a wrong type', 'version: 1\nscope:\n  role: [a]\n', /^atrest\.yaml:3:9: scope\.role: .*string/],
    [
      'a text in place of a list',
      'version: 1\nscope:\n  regions:\n    include: us-east-1\n',
      /^atrest\.yaml:4:14: scope\.regions\.include: .*array/,
    ],
    ['a map in place of a list', 'version: 1\ncmkRequired: { name: x }\n', /^atrest\.yaml:2:14: cmkRequired: .*array/],
    [
      'a kind that does not exist',
      'version: 1\ncmkRequired:\n  - kinds: [s3.buket]\n',
      /^atrest\.yaml:3:13: cmkRequired\.0\.kinds\.0: .*s3\.bucket/,
    ],
    [
      'an account id that is too short',
      'version: 1\nscope:\n  accounts: ["1234"]\n',
      /^atrest\.yaml:3:14: scope\.accounts\.0: .*12 digits/,
    ],
    ['no accounts', 'version: 1\nscope: { accounts: [] }\n', /^atrest\.yaml:2:20: scope\.accounts: /],
    ['no version', 'scope: { role: x }\n', /^atrest\.yaml:1:1: version: /],
    ['a version to come', 'version: 2\n', /^atrest\.yaml:1:10: version: /],
    ['a list in place of the whole', '- version: 1\n', /^atrest\.yaml:1:1: .*object/],
    ['a text in place of the whole', 'version\n', /^atrest\.yaml:1:1: .*object/],
    ['a null in place of the scope', 'version: 1\nscope:\n', /^atrest\.yaml:2:\d+: scope: .*object/],
  ])('%s', (_, text, expected) => {
    const message = refusal(text);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test('of each thing that is wrong, not of the first alone', () => {
    const lines = refusal('version: 1\nscop: {}\nscope: { rol: x, regions: { include: [""] } }\n').split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^atrest\.yaml:\d+:\d+: /);
  });

  test('and never the value of a secret-like field beside it', () => {
    expect(refusal('version: 1\nscope: { externalId: s3cr3t, rol: x }\n')).not.toContain('s3cr3t');
  });

  describe.each([
    [
      'in the list',
      'version: 1\nscope:\n  accounts: [111111111111]\n',
      /^atrest\.yaml:3:14: scope\.accounts\.0: .*12 digits; quote it/,
    ],
    [
      'in a map',
      'version: 1\nscope:\n  accounts: [{ id: 111111111111 }]\n',
      /^atrest\.yaml:3:20: scope\.accounts\.0\.id: .*12 digits; quote it/,
    ],
    [
      'with an unknown key beside it',
      'version: 1\nscope:\n  accounts: [{ id: "111111111111", rol: x }]\n',
      /^atrest\.yaml:3:36: unknown key "rol" in scope\.accounts\.0; did you mean "role"\?/,
    ],
  ])('an account id %s', (_, text, expected) => {
    test('is refused at its place', () => {
      expect(refusal(text)).toMatch(/^atrest\.yaml:3:\d+: /);
    });
    test('with what to do about it', () => {
      expect(refusal(text)).toMatch(expected);
    });
  });

  test('an empty file is a config without a version', () => {
    for (const text of ['', '\n', '# only a comment\n', '---\n'])
      expect(refusal(text)).toMatch(/^atrest\.yaml:\d+:\d+: version: /);
  });

  test('aliases that grow beyond all bounds are refused at once', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 10; n += 1) {
      const [name, before] = [String.fromCharCode(97 + n), String.fromCharCode(96 + n)];
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`);
    }
    const start = performance.now();
    expect(refusal(`version: 1\n${bomb.join('\n')}\n`)).toMatch(/^atrest\.yaml.*alias/i);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test('an alias to nothing is refused', () => {
    expect(refusal('version: 1\nscope: *nowhere\n')).toMatch(/^atrest\.yaml.*nowhere/);
  });

  test('a key named like a property of every object is unknown, not swallowed', () => {
    for (const key of ['__proto__', 'constructor', 'toString'])
      expect(refusal(`version: 1\n${key}: {}\n`)).toContain(`unknown key "${key}"`);
  });
});
