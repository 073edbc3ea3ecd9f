import { createHash } from 'node:crypto';

/** The names of a pack's files. What is below `signature/` is about the others and is not named by the statement. */
export const layout = {
  cover: 'COVER.html',
  sums: 'SHA256SUMS',
  verifier: 'verify.mjs',
  config: 'config.json',
  waivers: 'waivers.json',
  options: 'rules/options.json',
  run: 'run/',
  reports: 'reports/',
  rules: 'rules/',
  signature: 'signature/',
  envelope: 'signature/envelope.dsse.json',
  signed: 'signature/statement.pae',
  bytes: 'signature/statement.sig',
  publicKey: 'signature/public-key.pem',
  timestamp: 'signature/timestamp.tsr',
  timestampSum: 'signature/timestamp.sha256',
} as const;

/** The digest of the timestamp, which nothing else names: it is made last. As `sha256sum -c` reads it. */
export function timestampSum(response: Buffer): string {
  return `${createHash('sha256').update(response).digest('hex')}  ${layout.timestamp}\n`;
}

/** As `sha256sum -c` reads it: every file but itself and those below `signature/`. */
export function sumsText(digests: ReadonlyMap<string, string>): string {
  const names = [...digests.keys()].filter((name) => name !== layout.sums).sort();
  return names.map((name) => `${digests.get(name) ?? ''}  ${name}\n`).join('');
}
