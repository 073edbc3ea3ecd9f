import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { Certificate } from 'pkijs';
import { checkClaims, countFindings, type Problem, type RunClaims } from './claims.js';
import {
  algorithmOf,
  decodeEnvelope,
  fingerprintOf,
  isSignedBy,
  parsedJson,
  preAuthEncoding,
  type Algorithm,
  type Envelope,
} from './dsse.js';
import { layout, sumsText, timestampSum } from './layout.js';
import { pieceBytes, readAll, type PackFiles } from './pack-files.js';
import { encodeStatement, Statement } from './statement.js';

/** Whom the caller trusts: nothing in a pack says so. */
export interface Trust {
  readonly key?: KeyObject | undefined;
  /** SHA-256 of a public key, in hex; the key itself is then taken from the pack. */
  readonly fingerprint?: string | undefined;
  /** Whether an unsigned pack is wrong even where no key is named. */
  readonly requireSignature?: boolean | undefined;
  /** Whose word on the time is taken; undefined: whoever signed the timestamp is not looked at. */
  readonly authorities?: readonly Certificate[] | undefined;
}

/** Who signed. `trusted`: the key that the caller named. */
export interface SignatureState {
  readonly state: 'trusted' | 'unknown-key' | 'unsigned' | 'invalid';
  readonly algorithm: Algorithm | null;
  /** Of the key that the pack claims to be signed with. */
  readonly fingerprint: string | null;
}

/** By when the signature was there, or, of an unsigned pack, the statement. `trusted`: the caller named the authority. */
export interface TimestampState {
  readonly state: 'trusted' | 'unknown-authority' | 'none' | 'invalid';
  readonly time: string | null;
  readonly authority: string | null;
}

export interface Verification {
  readonly files: number;
  readonly bytes: number;
  readonly signature: SignatureState;
  readonly timestamp: TimestampState;
  /** Everything that is wrong, by file. */
  readonly problems: readonly Problem[];
  /** Undefined: the documents of the run could not be read. */
  readonly claims: RunClaims | undefined;
  readonly digests: ReadonlyMap<string, string>;
}

/** Files of a signature that are not copies of what the envelope has. */
const ownFiles: ReadonlySet<string> = new Set([layout.envelope, layout.timestamp, layout.timestampSum]);

/** Verifies a pack from its bytes alone: signature, envelope, every digest, and whether the run agrees with itself. */
export async function verifyPack(files: PackFiles, trust: Trust): Promise<Verification> {
  const problems: Problem[] = [];
  const problem = (each: Problem) => {
    problems.push(each);
  };
  const { statement, signature } = await checkEnvelope(files, trust, problem);
  const timestamp = await checkTime(files, trust, problem);
  // Side by side: one waits for the disk and for gunzip most of the time.
  const [digests, counted] = await Promise.all([digestAll(files), countFindings(files)]);
  if (statement !== undefined) checkDigests(statement, digests, problem);
  if ((await readAll(files, layout.sums))?.toString('utf8') !== sumsText(digests))
    problem({ file: layout.sums, text: 'it is not the list of the digests of the files that are there' });
  const claims = await checkClaims(files, digests, { statement, counted }, problem);
  const bytes = [...files.sizes.values()].reduce((sum, size) => sum + size, 0);
  return { files: files.sizes.size, bytes, signature, timestamp, problems, claims, digests };
}

/** Of every file but those that are about the others. */
async function digestAll(files: PackFiles): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  const piece = Buffer.allocUnsafe(pieceBytes);
  for (const name of files.sizes.keys()) {
    if (name.startsWith(layout.signature)) continue;
    const hash = createHash('sha256');
    for await (const bytes of files.open(name, piece)) hash.update(bytes);
    digests.set(name, hash.digest('hex'));
  }
  return digests;
}

function checkDigests({ subject }: Statement, digests: ReadonlyMap<string, string>, problem: (problem: Problem) => void): void {
  const named = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
  for (const [name, digest] of named) {
    const is = digests.get(name);
    if (is === undefined) problem({ file: name, text: 'it is missing' });
    else if (is !== digest)
      problem({ file: name, text: `it was changed: its digest is ${is}, and the statement says ${digest}` });
  }
  for (const name of digests.keys())
    if (!named.has(name)) problem({ file: name, text: 'it was added: the statement does not name it' });
}

async function checkEnvelope(
  files: PackFiles,
  trust: Trust,
  problem: (problem: Problem) => void,
): Promise<{ readonly statement: Statement | undefined; readonly signature: SignatureState }> {
  const none = { statement: undefined, signature: { state: 'invalid', algorithm: null, fingerprint: null } } as const;
  const refuse = (text: string) => {
    problem({ file: layout.envelope, text });
    return none;
  };
  const bytes = await readAll(files, layout.envelope);
  if (bytes === undefined) return refuse('it is missing');
  const envelope = decodeEnvelope(bytes);
  if (typeof envelope === 'string') return refuse(envelope);
  const statement = Statement.safeParse(parsedJson(envelope.payload));
  if (!statement.success) return refuse('its payload is no statement of a pack');
  const { subject, predicate } = statement.data;
  const digests = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
  if (!encodeStatement(digests, predicate).equals(envelope.payload)) return refuse('its statement is not in canonical form');
  const signature = await checkSignature(files, envelope, predicate.signer, trust, problem);
  return { statement: statement.data, signature };
}

async function checkSignature(
  files: PackFiles,
  { payload, signatures }: Envelope,
  signer: string | null,
  trust: Trust,
  problem: (problem: Problem) => void,
): Promise<SignatureState> {
  const signed = preAuthEncoding(payload);
  const [signature] = signatures;
  const bytes = signature === undefined ? undefined : Buffer.from(signature.sig, 'base64');
  const pem = await readAll(files, layout.publicKey);
  const own = keyOf(pem);
  const fingerprint = own === undefined ? null : fingerprintOf(own);
  const expected = new Map<string, Buffer | undefined>([
    [layout.signed, signed],
    [layout.bytes, bytes],
    [layout.publicKey, own && Buffer.from(own.export({ type: 'spki', format: 'pem' }))],
  ]);
  for (const [name, content] of expected) {
    const is = await readAll(files, name);
    if (is === undefined ? content !== undefined : content?.equals(is) !== true)
      problem({ file: name, text: is === undefined ? 'it is missing' : 'it is not what the envelope has' });
  }
  for (const name of files.sizes.keys())
    if (name.startsWith(layout.signature) && !ownFiles.has(name) && !expected.has(name))
      problem({ file: name, text: 'it was added: no pack has such a file' });

  const about = { algorithm: own === undefined ? null : algorithmOf(own), fingerprint };
  const fail = (state: SignatureState['state'], text: string): SignatureState => {
    problem({ file: layout.envelope, text });
    return { state, ...about };
  };
  const wantsKey = trust.key !== undefined || trust.fingerprint !== undefined;
  if (signature === undefined || bytes === undefined) {
    if (signer !== null) return fail('invalid', `its signature was removed: the statement names the key sha256:${signer}`);
    if (wantsKey) return fail('unsigned', 'the pack is unsigned, and a key was given');
    if (trust.requireSignature === true) return fail('unsigned', 'the pack is unsigned, and a signature is required');
    return { state: 'unsigned', ...about };
  }
  if (signer !== signature.keyid) return fail('invalid', 'the statement names another key than the signature');
  if (own === undefined || fingerprint !== signature.keyid)
    problem({ file: layout.publicKey, text: 'it is not the key that the signature names' });
  const key = trust.key ?? (fingerprint === trust.fingerprint ? own : undefined);
  const known = key === undefined ? null : fingerprintOf(key);
  if (key !== undefined && known === signature.keyid)
    return isSignedBy(key, signed, bytes)
      ? { state: 'trusted', algorithm: algorithmOf(key), fingerprint: known }
      : fail('invalid', 'the signature is not valid: the statement was changed');
  if (own === undefined || !isSignedBy(own, signed, bytes)) return fail('invalid', 'the signature is not valid');
  return fail(
    'unknown-key',
    `it is signed by an unknown key, sha256:${signature.keyid}${wantsKey ? ', not by the one that was given' : ''}`,
  );
}

async function checkTime(files: PackFiles, { authorities }: Trust, problem: (problem: Problem) => void): Promise<TimestampState> {
  const nothing = { time: null, authority: null };
  const response = await readAll(files, layout.timestamp);
  const sum = await readAll(files, layout.timestampSum);
  if (sum?.toString() !== (response && timestampSum(response)))
    problem({ file: layout.timestampSum, text: 'it is not the digest of the timestamp' });
  if (response === undefined) {
    if (authorities !== undefined) problem({ file: layout.timestamp, text: 'there is no timestamp, and an authority was given' });
    return { state: 'none', ...nothing };
  }
  const stamped = (await readAll(files, layout.bytes)) ?? (await readAll(files, layout.signed)) ?? Buffer.alloc(0);
  const { checkTimestamp } = await import('./timestamp.js');
  const stamp = await checkTimestamp(response, stamped, authorities);
  if (typeof stamp === 'string') {
    problem({ file: layout.timestamp, text: stamp });
    return { state: 'invalid', ...nothing };
  }
  const { time, authority } = stamp;
  return { state: authorities === undefined ? 'unknown-authority' : 'trusted', time, authority };
}

/** Undefined: no key that signs packs. */
function keyOf(pem: Buffer | undefined): KeyObject | undefined {
  if (pem === undefined) return undefined;
  try {
    const key = createPublicKey(pem);
    return algorithmOf(key) === null ? undefined : key;
  } catch {
    return undefined;
  }
}
