import type { Tags } from '#model/resources/index.js';

/** The SDK's list of pairs as one record; pairs without a key are AWS's own noise. */
export function tagsOf(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags {
  const record: Record<string, string> = {};
  for (const { Key, Value } of tags ?? []) if (Key !== undefined) record[Key] = Value ?? '';
  return record;
}

/** The Name tag, else the id: what people call it. */
export function nameOf(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
  id: string,
): string {
  return tags?.find(({ Key, Value }) => Key === 'Name' && Value !== undefined && Value !== '')?.Value ?? id;
}
