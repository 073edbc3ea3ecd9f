import type { Finding } from '#model/report.js';
import type { Mask } from './mask.js';

/** What a finding alone makes secret, with its pseudonym: it is looked for in the finding's texts. */
export type Secrets = Map<string, string>;

/** Evidence whose texts are words of AWS, never of a customer. What is not named here may be anything. */
const wordsOfAws = new Set(
  `ActivityStreamStatus BlockedEncryptionTypes ConnectionErrorCode ConnectionState CustomKeyStoreType Encrypted Engine
  ImageBlockPublicAccessState KeyManager KeySpec KeyState KeyUsage Origin SSEAlgorithm SnapshotType SseType State Status
  StorageEncryptionType TransferType actions administer as bucketRegion caution device encryption operations seenBy
  service snapshotBlockPublicAccess sourceRegion sourceRegionSeenBy use`.split(/\s+/),
);

/** Dates, regions, numbers, actions and services. */
const plain =
  /^(\d{4}-\d\d-\d\d([T ][\d:.]+Z?)?|[a-z]{2}(-[a-z]+)+-\d|-?\d{1,9}(\.\d+)?|[a-z0-9-]+:[A-Z]\w*\*?|[a-z0-9.-]+\.amazonaws\.com|aws:kms(:dsse)?|AES256)$/;

/** The evidence with pseudonyms, of which `secrets` learns. */
export function evidenceOf({ evidence, rule, expected, actual }: Finding, mask: Mask, secrets: Secrets): Finding['evidence'] {
  // Rules on tags name them in their texts as well.
  if (mask.hides('tags') && /tag/.test(rule))
    for (const text of [expected, actual])
      for (const word of text?.split(/[\s,;"]+/) ?? []) if (!sentence.has(word)) secrets.set(word, mask.name(word));

  const hide = (text: string) => {
    const pseudonym = text.startsWith('arn:') ? mask.arn(text) : mask.name(text);
    secrets.set(text, pseudonym);
    return pseudonym;
  };
  const leaf = (key: string, text: string, inTags: boolean): string => {
    if (text === '') return text;
    if (inTags) return hide(text);
    if (!mask.hides('arns') || wordsOfAws.has(key) || plain.test(text)) return mask.text(text);
    return /^\d{12}$/.test(text) ? mask.account(text) : hide(text);
  };
  const walk = (key: string, value: unknown, inTags: boolean): unknown => {
    if (typeof value === 'string') return leaf(key, value, inTags);
    if (Array.isArray(value)) return value.map((each) => walk(key, each, inTags));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const within = inTags || (mask.hides('tags') && /tag/i.test(name));
        return [inTags ? hide(name) : mask.text(name), walk(name, each, within)];
      }),
    );
  };
  return walk('', evidence, false) as Finding['evidence'];
}

/** What stands between the tags in the texts of rules on tags. */
const sentence = new Set(['', 'the', 'same', 'without', 'is', 'here', 'and', 'at', 'key', 'not', 'set']);
