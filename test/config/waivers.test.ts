import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '#config/load.js';
import { parseWaivers } from '#config/waivers.js';
import { catalogue } from '#index.js';
import { AtrestError } from '#model/errors.js';

const rules = [{ id: 's3/default-encryption-cmk' }, { id: 's3/bucket-key' }, { id: 'kms/rotation-enabled' }];

const parse = (text: string, policy = {}) =>
  parseWaivers([{ name: 'waivers.yaml', file: 'conf/waivers.yaml', text }], rules, policy);

function refusal(text: string, policy = {}): string {
  try {
    parse(text, policy);
  } catch (error) {
    if (error instanceof AtrestError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error('the file was expected to be refused');
}

/** A waiver that is right but for the lines given. */
const waiver = (...lines: string[]) =>
  `waivers:\n  - rule: s3/bucket-key\n    resource: arn:aws:s3:::a\n    reason: tests\n${lines.map((line) => `    ${line}\n`).join('')}`;
const attestation = (...lines: string[]) =>
  `attestations:\n  - rule: s3/bucket-key\n    resource: arn:aws:s3:::a\n    result: pass\n    by: an auditor\n    on: 2026-11-01\n${lines.map((line) => `    ${line}\n`).join('')}`;

test('the example of the documentation is right, and its lines are where it says', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/waivers.md', import.meta.url)), 'utf8');
  const [, config = '', text = ''] = page.split(/^```yaml\n/m).map((block) => block.split('```')[0] ?? '');
  const { waivers: named, waiverPolicy } = parseConfig(config, 'atrest.yaml').config;
  expect(named).toEqual(['waivers.yaml']);
  const said = parseWaivers([{ name: 'waivers.yaml', file: 'waivers.yaml', text }], catalogue.rules, waiverPolicy);
  for (const { source, rule } of [...said.waivers, ...said.attestations])
    expect(page).toMatch(new RegExp(`^${source}  \\w+  ${rule.replace('*', '\\*')}  `, 'm'));
});

describe('a file of waivers', () => {
  test('says which findings, why, who and until when', () => {
    const { waivers, attestations } = parse(`
waivers:
  - rule: s3/default-encryption-cmk
    resource: "arn:aws:s3:::public-site-*"
    accounts: ["111111111111", "22*"]
    regions: [eu-*]
    path: Root/Prod
    allTags: { env: [dev, test], team: web }
    anyTags: { public: "*" }
    reason: static assets, public by design
    owner: web-team
    ticket: SEC-12
    approved-by: the CISO
    expires: 2028-02-29
  - { rule: "s3/*", accounts: ["111111111111"], reason: a sandbox }
attestations:
  - { rule: kms/rotation-enabled, path: "o-*", result: fail, by: an auditor, on: 2026-11-01, evidence: "https://x", expires: "2027-01-01" }
`);
    expect(waivers).toEqual([
      {
        rule: 's3/default-encryption-cmk',
        resource: 'arn:aws:s3:::public-site-*',
        accounts: ['111111111111', '22*'],
        regions: ['eu-*'],
        path: 'Root/Prod',
        allTags: { env: ['dev', 'test'], team: ['web'] },
        anyTags: { public: ['*'] },
        reason: 'static assets, public by design',
        owner: 'web-team',
        ticket: 'SEC-12',
        approvedBy: 'the CISO',
        expires: '2028-02-29',
        source: 'waivers.yaml:3:5',
      },
      {
        rule: 's3/*',
        accounts: ['111111111111'],
        reason: 'a sandbox',
        owner: null,
        ticket: null,
        approvedBy: null,
        expires: null,
        source: 'waivers.yaml:15:5',
      },
    ]);
    expect(attestations).toEqual([
      {
        rule: 'kms/rotation-enabled',
        path: 'o-*',
        result: 'fail',
        by: 'an auditor',
        on: '2026-11-01',
        evidence: 'https://x',
        expires: '2027-01-01',
        reason: null,
        source: 'waivers.yaml:17:5',
      },
    ]);
  });

  test('may be empty', () => {
    expect(parse('# nothing yet\n')).toEqual({ waivers: [], attestations: [] });
  });

  test.each<[string, string, string | RegExp]>([
    [
      'a key with a slip',
      waiver('expire: 2027-01-01'),
      'conf/waivers.yaml:5:5: unknown key "expire" in waivers.0; did you mean "expires"?',
    ],
    [
      'a key in another spelling',
      waiver('approvedBy: me'),
      'conf/waivers.yaml:5:5: unknown key "approvedBy" in waivers.0; did you mean "approved-by"?',
    ],
    ['a list with a slip', 'waiver: []\n', 'conf/waivers.yaml:1:1: unknown key "waiver"; did you mean "waivers"?'],
    [
      'a day that is none',
      waiver('expires: 2027-02-30'),
      'conf/waivers.yaml:5:14: waivers.0.expires: 2027-02-30 is no day; a date is expected, as 2027-03-31',
    ],
    [
      'a leap day in a common year',
      waiver('expires: "2027-02-29"'),
      /^conf\/waivers\.yaml:5:14: waivers\.0\.expires: 2027-02-29 is no day/,
    ],
    [
      'a day under YAML 1.1, where it would become another',
      `%YAML 1.1\n---\n${waiver('expires: 2027-02-30')}`,
      /^conf\/waivers\.yaml:7:14: .*2027-02-30 is no day/,
    ],
    [
      'a day that is tagged as a time',
      waiver('expires: !!timestamp 2027-02-30'),
      /^conf\/waivers\.yaml:5:\d+: waivers\.0\.expires: a date is expected/,
    ],
    ['a date with a time', waiver('expires: 2027-03-31T00:00:00Z'), /is no day; a date is expected/],
    ['a year alone', waiver('expires: 2027'), 'conf/waivers.yaml:5:14: waivers.0.expires: a date is expected, as 2027-03-31'],
    [
      'no reason',
      'waivers:\n  - { rule: s3/bucket-key, resource: "*:a" }\n',
      'conf/waivers.yaml:2:5: waivers.0.reason: the reason is expected, as text',
    ],
    [
      'a blank reason',
      'waivers:\n  - { rule: s3/bucket-key, resource: "*:a", reason: " " }\n',
      'conf/waivers.yaml:2:53: waivers.0.reason: the reason is expected, not a blank text',
    ],
    ['no rule', 'waivers:\n  - { resource: "*:a", reason: x }\n', /^conf\/waivers\.yaml:2:5: waivers\.0\.rule: the id of a rule/],
    [
      'a rule with a slip',
      'waivers:\n  - { rule: s3/bucket-kye, resource: "*:a", reason: x }\n',
      'conf/waivers.yaml:2:13: there is no rule s3/bucket-kye; did you mean s3/bucket-key?',
    ],
    [
      'a glob that names no rule',
      'waivers:\n  - { rule: "rds/*", resource: "*:a", reason: x }\n',
      'conf/waivers.yaml:2:13: there is no rule rds/*',
    ],
    [
      'a name in place of an ARN',
      'waivers:\n  - { rule: s3/bucket-key, resource: site, reason: x }\n',
      /^conf\/waivers\.yaml:2:38: waivers\.0\.resource: a glob over the full ARN is expected/,
    ],
    [
      'an account that YAML reads as a number',
      waiver('accounts: [111111111111]'),
      /^conf\/waivers\.yaml:5:16: waivers\.0\.accounts\.0: .*quote it/,
    ],
    ['an account id that is short', waiver('accounts: ["11111111111"]'), /^conf\/waivers\.yaml:5:16: waivers\.0\.accounts\.0/],
    [
      'one account that is no list',
      waiver('accounts: "111111111111"'),
      /^conf\/waivers\.yaml:5:15: waivers\.0\.accounts: .*array/,
    ],
    [
      'everything of a rule',
      'waivers:\n  - { rule: s3/bucket-key, reason: x }\n',
      /^conf\/waivers\.yaml:2:5: waivers\.0: it waives everything everywhere: name at least one of resource/,
    ],
    [
      'everything',
      'waivers:\n  - { rule: "*", resource: "*", reason: x }\n',
      /^conf\/waivers\.yaml:2:5: waivers\.0: it waives everything everywhere/,
    ],
    ['a key twice', waiver('reason: again'), /^conf\/waivers\.yaml:5:5: Map keys must be unique/],
    [
      'an attestation with neither pass nor fail',
      attestation('reason: x').replace('pass', 'ok'),
      'conf/waivers.yaml:4:13: attestations.0.result: pass or fail is expected',
    ],
    [
      'an attestation by nobody',
      attestation('reason: x').replace('an auditor', '""'),
      /^conf\/waivers\.yaml:5:9: attestations\.0\.by: who attests it is expected/,
    ],
    [
      'an attestation that ends before it begins',
      attestation('expires: 2026-10-31'),
      'conf/waivers.yaml:7:14: attestations.0.expires: it expires before the day of `on`',
    ],
    [
      'a waiver among the attestations',
      attestation('owner: me'),
      /^conf\/waivers\.yaml:7:5: unknown key "owner" in attestations\.0/,
    ],
  ])('is refused for %s', (_, text, expected) => {
    if (typeof expected === 'string') expect(refusal(text)).toBe(expected);
    else expect(refusal(text)).toMatch(expected);
  });

  test('names everything that is wrong at once', () => {
    expect(
      refusal(
        'waivers:\n  - { rule: a/b, resource: "*:a", reason: x }\nattestations:\n  - { rule: c/d, resource: "*:a", result: pass, by: me, on: 2026-01-01 }\n',
      ).split('\n'),
    ).toHaveLength(2);
  });

  test('must say what the policy of the config asks for', () => {
    const text = `${waiver('owner: me')}${attestation('reason: x')}`;
    expect(refusal(text, { requireExpires: true })).toBe(
      [
        'conf/waivers.yaml:2:5: waivers.0: expires is missing, and waiverPolicy in the config asks for it',
        'conf/waivers.yaml:7:5: attestations.0: expires is missing, and waiverPolicy in the config asks for it',
      ].join('\n'),
    );
    expect(refusal(waiver('expires: 2027-01-01'), { requireOwner: true })).toMatch(/waivers\.0: owner is missing/);
    expect(parse(text, { requireOwner: true, requireExpires: false }).waivers).toHaveLength(1);
  });
});
