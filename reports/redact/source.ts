import { Finding, type Comparison, type KeyRow, type ReportHeader, type ReportSource } from '#model/report.js';
import { cellStates } from '#model/coverage.js';
import { levels } from '#model/level.js';
import type { Redaction } from '#model/redaction.js';
import { severities } from '#model/severity.js';
import { evidenceOf, type Secrets } from './evidence.js';
import { Mask, saysNothing, secretsOf } from './mask.js';

/**
 * The same report with pseudonyms for what is to be hidden, of all these accounts. Reads the findings once before anything is written, to know
 * every name that may stand in a text of another finding.
 */
export async function redacted(
  source: ReportSource,
  what: readonly Redaction[],
  accounts: ReportHeader['scope']['accounts'] = source.header.scope.accounts,
): Promise<ReportSource> {
  const mask = new Mask(what, plainWords(source.header));
  learnAccounts(accounts, mask);
  learnHeader(source.header, mask);
  if (mask.hides('arns')) for await (const finding of source.findings()) for (const name of namesOf(finding)) mask.learn(name);
  return {
    header: headerOf(source.header, mask, what),
    ...(source.manifestSha256 && { manifestSha256: source.manifestSha256 }),
    ...(source.index && { index: source.index }),
    ...(source.language && { language: source.language }),
    ...(source.against && { against: comparisonOf(source.against, mask) }),
    async *findings() {
      for await (const finding of source.findings()) yield findingOf(finding, mask);
    },
  };
}

/** Accounts of the scope have the first numbers, in its order: in every page that is made of a part of it, the same. */
function learnAccounts(accounts: ReportHeader['scope']['accounts'], mask: Mask): void {
  for (const { id } of accounts) mask.account(id);
  if (!mask.hides('account-ids')) return;
  for (const { name, path } of accounts)
    for (const each of [name, ...(path ?? '').split('/')]) if (each !== null && each !== '') mask.learn(each);
}

function learnHeader({ keys }: ReportHeader, mask: Mask): void {
  if (mask.hides('arns'))
    for (const { name, arn } of keys)
      for (const each of [name, tailOf(arn)]) if (!name.startsWith('alias/aws/') || each !== name) mask.learn(each);
}

function comparisonOf({ run, findings }: Comparison, mask: Mask): Comparison {
  return {
    run,
    async *findings() {
      for await (const { before, after, reason, ...rest } of findings())
        yield {
          ...rest,
          ...(reason !== undefined && { reason: mask.text(reason) }),
          before: before && findingOf(before, mask),
          after: after && findingOf(after, mask),
        };
    },
  };
}

/** Every string of a value through the mask, keys too: also what this file knows nothing of. */
function walked<Value>(value: Value, mask: Mask): Value {
  if (typeof value === 'string') return mask.text(value) as Value;
  if (Array.isArray(value)) return value.map((each: unknown) => walked(each, mask)) as Value;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [mask.text(key), walked(each as unknown, mask)])) as Value;
}

function headerOf(header: ReportHeader, mask: Mask, what: readonly Redaction[]): ReportHeader {
  const { run, scope, rules, keys, errors, tool } = header;
  return {
    ...walked({ ...header, rules: [] }, mask),
    redacted: [...what],
    ...(header.rememberedFrom !== undefined && { rememberedFrom: header.rememberedFrom }),
    tool,
    run: { ...walked(run, mask), id: run.id, startedAt: run.startedAt, finishedAt: run.finishedAt },
    scope: {
      ...walked(scope, mask),
      accounts: scope.accounts.map((account) => ({
        ...walked(account, mask),
        id: mask.account(account.id),
        name: mask.hides('account-ids') ? null : account.name,
        path: account.path === null ? null : pathOf(account.path, mask),
      })),
    },
    errors: errors.map((error) => ({ ...walked(error, mask), resource: mask.arn(error.resource) })),
    rules: rules.map((rule) => ({ ...rule, offIn: rule.offIn.map((id) => mask.account(id)) })),
    keys: keys.map((key) => keyOf(key, mask)),
  };
}

function pathOf(path: string, mask: Mask): string {
  if (!mask.hides('account-ids')) return path;
  return path
    .split('/')
    .map((part) => mask.name(part))
    .join('/');
}

function keyOf(key: KeyRow, mask: Mask): KeyRow {
  const name = mask.hides('arns') && !key.name.startsWith('alias/aws/') ? mask.name(key.name) : mask.text(key.name);
  const reach = key.reach && {
    ...key.reach,
    others: key.reach.others.map((other) => ({
      ...other,
      name:
        other.as === 'service'
          ? other.name
          : mask.hides('arns') && other.as !== 'account'
            ? mask.arn(other.name)
            : mask.text(other.name),
    })),
  };
  return { ...walked(key, mask), arn: mask.arn(key.arn), name, ...(reach && { reach }) };
}

function findingOf(finding: Finding, mask: Mask): Finding {
  const { id, rule, account, region, kind, resource, name, key } = finding;
  const place = { id: mask.id(id), account: mask.account(account), resource: mask.arn(resource) };
  const shown = nameOf(finding, mask);
  const secrets: Secrets = new Map();
  const tail = tailOf(resource);
  if (mask.hides('arns') && !saysNothing(tail) && !saysNothing(resource.split(':').slice(5).join(':'))) {
    secrets.set(resource, place.resource).set(tail, tailOf(place.resource));
    if (key !== null) secrets.set(key.arn, mask.arn(key.arn)).set(tailOf(key.arn), tailOf(mask.arn(key.arn)));
  }
  if (shown !== name) secrets.set(name, shown);
  const evidence = evidenceOf(finding, mask, secrets);
  const sorted = secretsOf(secrets);
  const text = (value: string) => mask.text(value, sorted);
  const orNull = (value: string | null) => (value === null ? null : text(value));
  const { remediation, missing, verdict, severity, baseline, firstSeen, lastChanged } = finding;
  return {
    ...walked(unknownOf(finding), mask),
    ...{ verdict, severity, baseline, missing: walked(missing, mask) },
    ...place,
    ...{ rule, region, kind },
    name: shown,
    message: text(finding.message),
    expected: orNull(finding.expected),
    actual: orNull(finding.actual),
    evidence,
    key: key && { ...key, arn: mask.arn(key.arn) },
    waiver: finding.waiver && texts(finding.waiver, text),
    attestation: finding.attestation && texts(finding.attestation, text),
    remediation: remediation && {
      text: text(remediation.text),
      cli: remediation.cli === null ? null : mask.code(remediation.cli, sorted),
      terraform: remediation.terraform === null ? null : mask.code(remediation.terraform, sorted),
    },
    ...(firstSeen !== undefined && { firstSeen }),
    ...(lastChanged !== undefined && { lastChanged }),
  };
}

/** Fields that this file does not know are hidden like any text. */
function unknownOf(finding: Finding): Finding {
  return Object.fromEntries(Object.entries(finding).filter(([key]) => !knownFields.has(key))) as Finding;
}

const knownFields = new Set(Object.keys(Finding.shape));

/** The note with every text of it through `text`. */
function texts<Note extends object>(note: Note, text: (value: string) => string): Note {
  return Object.fromEntries(
    Object.entries(note).map(([key, value]) => [key, typeof value === 'string' ? text(value) : (value as unknown)]),
  ) as Note;
}

/** Volumes, snapshots and images are called by their tag Name. */
function nameOf({ name, kind, resource }: Finding, mask: Mask): string {
  const tail = tailOf(resource);
  if (saysNothing(tail) || saysNothing(resource.split(':').slice(5).join(':'))) return mask.text(name);
  const tagged = mask.hides('tags') && /^(ebs|ec2)\./.test(kind) && name !== tail;
  if (tagged || mask.hides('arns')) return name === tail ? tailOf(mask.arn(resource)) : mask.name(name);
  return mask.text(name);
}

function namesOf({ resource, name, key }: Finding): readonly string[] {
  const names = [name, tailOf(resource), ...(key === null ? [] : [tailOf(key.arn)])];
  return saysNothing(resource.split(':').slice(5).join(':')) ? [] : names.filter((each) => each !== '');
}

function tailOf(resource: string): string {
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1);
}

/** Words of ours and of AWS: a bucket called `default` does not make `default encryption` a secret, nor one called `fail` a verdict. */
function plainWords({ rules, scope, coverage, keys, run, frameworks }: ReportHeader): ReadonlySet<string> {
  const texts = [
    ...rules.flatMap(({ id, title, why, kinds }) => [id, ...kinds, ...wordsOf([...kinds, title, why])]),
    ...scope.regions,
    ...coverage.flatMap(({ region, service, state, operations }) => [
      region,
      service,
      state,
      ...operations.map(({ operation }) => operation),
    ]),
    ...keys.flatMap(({ manager, state, spec, usage, origin, dependants }) => [
      manager,
      state,
      spec,
      usage,
      origin,
      ...Object.keys(dependants),
    ]),
    ...Object.values(run.baseline),
    ...frameworks.flatMap(({ id, controls }) => [id, ...controls.map((control) => control.id)]),
    ...severities,
    ...cellStates,
    ...levels,
    ...contract,
  ];
  return new Set(texts.flatMap((text) => (text === null || text === undefined ? [] : [text.toLowerCase()])));
}

function wordsOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
}

/** Values of the report's own fields. */
const contract =
  `pass fail unknown not-applicable error valid expired expiring used unused not-evaluated waiver attestation scanned failed
  denied throttled unreachable absent-field foreign uncollected unfinished full part none no bound public account
  organisation service principal primary replica storage global aws customer`.split(/\s+/);
