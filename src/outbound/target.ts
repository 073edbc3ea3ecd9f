import { AtrestError } from '#model/errors.js';

/** Where a history is kept, as its name says. */
export type HistoryTarget =
  { readonly kind: 'folder'; readonly path: string } | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

/** `s3://bucket/prefix`, or a folder. Throws for another kind of address and for what cannot be a bucket's name. */
export function parseTarget(text: string): HistoryTarget {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme === undefined && text.trim() !== '') return { kind: 'folder', path: text };
  if (scheme?.toLowerCase() !== 's3')
    throw new AtrestError('usage', `A history is a folder or s3://bucket/prefix, not "${text}"`);
  const [bucket = '', ...parts] = text.slice('s3://'.length).split('/');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new AtrestError('usage', `"${bucket}" in ${text} cannot be the name of a bucket`, {
      hint: 'Write it as s3://bucket/prefix.',
    });
  const prefix = parts.filter((part) => part !== '').join('/');
  return { kind: 's3', bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
