import { formatArn, parseArn } from './arn.js';
import type { Place } from './place.js';

/**
 * A key as a service wrote it down, made comparable: whatever the form, `arn` names the account and region
 * in which it resolves. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
 */
export type KeyReference =
  | {
      readonly form: 'key';
      readonly arn: string;
      readonly place: Place;
      readonly keyId: string;
      readonly multiRegion: boolean;
      readonly written: string;
    }
  | {
      readonly form: 'alias';
      readonly arn: string;
      readonly place: Place;
      readonly alias: string;
      readonly awsManaged: boolean;
      readonly written: string;
    }
  | { readonly form: 'none' }
  | { readonly form: 'invalid'; readonly written: string };

/**
 * Normalises a key reference: key id, key ARN, alias name, alias ARN (slashes allowed), `mrk-` id, nothing.
 * A bare id or alias name resolves in `place`. Never throws.
 */
export function keyReference(written: string | null | undefined, place: Place): KeyReference {
  const text = written?.trim() ?? '';
  if (text === '') return { form: 'none' };
  if (text.startsWith('arn:')) return referenceFromArn(text);
  return text.startsWith('alias/') ? alias(text, place, text) : key(text, place, text);
}

function referenceFromArn(text: string): KeyReference {
  const arn = parseArn(text);
  if (arn?.service !== 'kms' || arn.region === '' || arn.account === '') return { form: 'invalid', written: text };
  const place = { partition: arn.partition, account: arn.account, region: arn.region };
  if (arn.resource.startsWith('key/') && arn.resource.length > 4) return key(arn.resource.slice(4), place, text);
  if (arn.resource.startsWith('alias/') && arn.resource.length > 6) return alias(arn.resource, place, text);
  return { form: 'invalid', written: text };
}

function key(keyId: string, place: Place, written: string): KeyReference {
  const { partition, account, region } = place;
  const arn = keyArn({ partition, account, region }, keyId);
  return { form: 'key', arn, place: { partition, account, region }, keyId, multiRegion: keyId.startsWith('mrk-'), written };
}

function alias(name: string, place: Place, written: string): KeyReference {
  const { partition, account, region } = place;
  const arn = aliasArn({ partition, account, region }, name);
  const awsManaged = name.startsWith('alias/aws/');
  return { form: 'alias', arn, place: { partition, account, region }, alias: name, awsManaged, written };
}

export function keyArn(place: Place, keyId: string): string {
  return formatArn({ ...place, service: 'kms', resource: `key/${keyId}` });
}

/** `name` begins with `alias/`. */
export function aliasArn(place: Place, name: string): string {
  return formatArn({ ...place, service: 'kms', resource: name });
}

/** AWS writes no ARN for a custom key store; this is how reports name it. */
export function customKeyStoreArn(place: Place, id: string): string {
  return formatArn({ ...place, service: 'kms', resource: `custom-key-store/${id}` });
}
