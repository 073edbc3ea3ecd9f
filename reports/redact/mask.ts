import { formatArn, parseArn } from '#model/arn.js';
import type { Redaction } from '#model/redaction.js';

/** A pseudonym while the rest of a text is still looked at: one private character, as the nth of those hidden. */
const placeholders = /[\u{f0000}-\u{ffffd}]/gu;
const firstPlaceholder = 0xf0000;

const arnPattern = String.raw`arn:aws[\w-]*:[^\s"'\x60,;()<>\[\]{}|\\]+`;
/** Ids that AWS makes: vol-0a…, UUIDs, mrk-…, AROA…; aliases; OUs. */
const idPatterns = [
  String.raw`\b[a-z]{1,8}-(?:[0-9a-f]{17}|[0-9a-f]{8})\b`,
  String.raw`\b(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b`,
  String.raw`\bA(?:KIA|SIA|ROA|IDA|GPA|IPA|NPA|NVA)[A-Z0-9]{8,}\b`,
  String.raw`\balias/(?!aws/)[\w/.-]*[\w/-]`,
];
/** In a sentence a name stands in quotes; in a command all kinds of things do. */
const quotedPattern = String.raw`"[^"]+"`;
const ouPattern = String.raw`\b(?:o|r|ou)-[a-z0-9]{4,}(?:-[a-z0-9]{8,})?\b`;
const accountPattern = String.raw`(?<!\d)\d{12}(?!\d)`;
const token = /[\p{L}\p{N}_.\-/:@+=]+/gu;
const odd = /[^\p{L}\p{N}_.\-/:@+=*]/u;

/**
 * Pseudonyms for what is not to be shown. They are numbers in the order in which they were asked for: the same value has
 * the same one throughout a report, and nothing of the value is in it that could be guessed back.
 */
export class Mask {
  readonly #what: ReadonlySet<Redaction>;
  readonly #accounts = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  /** Names that are hidden wherever they stand, by their first word. */
  readonly #known = new Map<string, string[]>();
  /** Words of our own texts: in a sentence they give nothing away. */
  readonly #plain: ReadonlySet<string>;
  readonly #inProse: RegExp;
  readonly #inCode: RegExp;
  /** What may be part of a name, and is looked for when names are hidden. */
  readonly #looksLikeId: RegExp;

  constructor(what: readonly Redaction[], plain: ReadonlySet<string>) {
    this.#what = new Set(what);
    this.#plain = plain;
    const arns = this.hides('arns') ? [arnPattern] : [];
    const quoted = this.hides('arns') || this.hides('tags') ? [quotedPattern] : [];
    const ids = this.hides('arns') ? idPatterns : [];
    const accounts = this.hides('account-ids') ? [ouPattern, accountPattern] : [];
    this.#inCode = anyOf(arns);
    this.#inProse = anyOf([...quoted, ...arns]);
    this.#looksLikeId = anyOf([...ids, ...accounts]);
  }

  hides(what: Redaction): boolean {
    return this.#what.has(what);
  }

  account(id: string): string {
    if (!this.hides('account-ids') || !/^\d{12}$/.test(id)) return this.text(id);
    return numbered(this.#accounts, id, (count) => String(count).padStart(12, '0'));
  }

  name(text: string): string {
    return text === '' ? text : numbered(this.#names, text, (count) => `redacted-${String(count)}`);
  }

  /** Ids of findings are digests of what is hidden, and an account has few enough to try them all. */
  id(id: string): string {
    if (!this.hides('account-ids') && !this.hides('arns')) return id;
    return numbered(this.#ids, id, (count) => `redacted${String(count).padStart(8, '0')}`);
  }

  /** The ARN with another account and another resource; partition, service, region and type stay. */
  arn(text: string): string {
    const arn = parseArn(text);
    if (arn === undefined) return this.hides('arns') ? this.name(text) : this.text(text);
    const account = this.account(arn.account);
    if (!this.hides('arns')) return formatArn({ ...arn, account, resource: this.text(arn.resource) });
    return formatArn({ ...arn, account, resource: this.#resource(arn.service, arn.resource) });
  }

  #resource(service: string, resource: string): string {
    if (saysNothing(resource)) return resource;
    const [, type, name = ''] = (service === 's3' ? null : /^([a-z-]+[:/])(.+)$/s.exec(resource)) ?? [];
    return type === undefined ? this.name(resource) : type + this.name(name);
  }

  /** Makes a name be hidden in every text. */
  learn(name: string): void {
    const first = token.exec(name)?.[0];
    const at = token.lastIndex - (first?.length ?? 0);
    token.lastIndex = 0;
    if (first === undefined) return;
    const word = trimmed(first);
    const names = this.#known.get(word);
    const known = name.slice(at);
    if (names === undefined) this.#known.set(word, [known]);
    else if (!names.includes(known)) names.push(known);
  }

  /** A sentence with pseudonyms for what looks like a secret, for what was learnt, and for the `secrets` of its place. */
  text(text: string, secrets?: readonly Secret[]): string {
    return this.#masked(text, this.#inProse, secrets);
  }

  /** The same of a command or a piece of code. */
  code(text: string, secrets?: readonly Secret[]): string {
    return this.#masked(text, this.#inCode, secrets);
  }

  #masked(text: string, patterns: RegExp, secrets: readonly Secret[] = []): string {
    const hidden: string[] = [];
    const hide = (pseudonym: string) => String.fromCodePoint(firstPlaceholder + hidden.push(pseudonym) - 1);
    let masked = text.replaceAll(placeholders, '\ufffd');
    const each = (isOdd: boolean) => {
      for (const { secret, pseudonym, pattern, odd } of secrets)
        if (odd === isOdd && masked.includes(secret)) masked = masked.replaceAll(pattern, () => hide(pseudonym));
    };
    // A pattern ends where a name from outside may go on.
    each(true);
    masked = masked.replaceAll(patterns, (match) => this.#ofPattern(match, hide));
    each(false);
    if (this.#known.size > 0) masked = this.#hideKnown(masked, hide);
    masked = masked.replaceAll(this.#looksLikeId, (match) => this.#ofPattern(match, hide));
    return hidden.length === 0
      ? masked
      : masked.replaceAll(placeholders, (character) => hidden[(character.codePointAt(0) ?? 0) - firstPlaceholder] ?? '');
  }

  #hideKnown(text: string, hide: (pseudonym: string) => string): string {
    let result = '';
    let from = 0;
    for (const { 0: match, index } of text.matchAll(token)) {
      if (index < from) continue;
      const word = trimmed(match);
      const found = this.#known.get(word)?.find((name) => text.startsWith(name, index) && !this.#plain.has(name.toLowerCase()));
      if (found === undefined) continue;
      result += text.slice(from, index) + hide(this.name(found));
      from = index + found.length;
    }
    return result + text.slice(from);
  }

  #ofPattern(match: string, hide: (pseudonym: string) => string): string {
    // What was hidden before is part of what looks like an ARN or stands in quotes.
    if (match.search(placeholders) >= 0) return match;
    if (/^\d{12}$/.test(match)) return hide(this.account(match));
    if (match.startsWith('"')) return `"${hide(this.name(match.slice(1, -1)))}"`;
    if (!match.startsWith('arn:')) return hide(this.name(match));
    const arn = trimmed(match);
    return hide(this.arn(arn)) + match.slice(arn.length);
  }
}

/** Resources that every account has, and lists that could not be read. */
export function saysNothing(resource: string): boolean {
  return resource === 'root' || resource === 'ebs-defaults' || /^[a-z0-9-]+\.[a-z0-9-]+\/\*$/.test(resource);
}

/** What a finding alone makes secret. */
export interface Secret {
  readonly secret: string;
  readonly pseudonym: string;
  readonly pattern: RegExp;
  /** Not all of it looks like an ARN or an id. */
  readonly odd: boolean;
}

/** Long ones first: a short one may be part of them. */
export function secretsOf(pseudonyms: ReadonlyMap<string, string>): readonly Secret[] {
  return [...pseudonyms]
    .filter(([secret]) => secret !== '')
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([secret, pseudonym]) => ({ secret, pseudonym, pattern: bounded(secret), odd: odd.test(secret) }));
}

/** Where there is nothing to look for, it fits nothing. */
function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|') || '(?!)', 'g');
}

/** Without the full stop or colon of a sentence. */
function trimmed(word: string): string {
  return word.replace(/[.:]+$/, '');
}

function numbered(map: Map<string, string>, value: string, of: (count: number) => string): string {
  let found = map.get(value);
  if (found === undefined) map.set(value, (found = of(map.size + 1)));
  return found;
}

/** A short name is looked for as a word, a long one wherever it stands. */
function bounded(secret: string): RegExp {
  const pattern = escaped(secret);
  return new RegExp(secret.length > 7 ? pattern : `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'gu');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replaceAll('-', String.raw`\x2d`);
}
