/** `s3` of `s3.bucket`: the service under which findings on a kind are counted. */
export function serviceOf(kind: string): string {
  return kind.split('.')[0] || 'none';
}
