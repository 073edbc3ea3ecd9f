// Verifies the evidence pack in a folder, with nothing but Node (20 or newer). Read it before you run it: an auditor
// who trusts nobody can. It reads files, asks no network and writes nothing.
//
//   node verify.mjs FOLDER --key pub.pem              the key that you trust; it came to you another way than the pack
//   node verify.mjs FOLDER --fingerprint sha256:HEX   its SHA-256 (of the DER form) in its place
//
// Exit 0: the pack is what that key signed, and agrees with itself. Without a key: the same of an unsigned pack, which
// anybody can have made; with --require-signature it is refused. Else 1.
import { createHash, createPublicKey, verify as isSigned } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';

const payloadType = 'application/vnd.in-toto+json';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const fingerprintOf = (key) => sha256(key.export({ type: 'spki', format: 'der' }));
const sortedText = (value) =>
  JSON.stringify(value, (_, each) =>
    each === null || typeof each !== 'object' || Array.isArray(each) ? each : Object.fromEntries(Object.entries(each).sort()),
  );

/** Answers what is wrong, in lines of `FILE: TEXT`, and what else there is to say. */
export async function verify(folder, trusted = {}) {
  const wrong = [];
  const notes = [];
  const say = (file, text) => void wrong.push(`${file}: ${text}`);
  const bytesOf = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : Buffer.alloc(0));
  try {
    const names = filesOf(folder, say);
    const statement = checkEnvelope(names, bytesOf, trusted, say, notes);
    const digests = await checkDigests(folder, names, statement, say);
    if (bytesOf('SHA256SUMS').toString() !== sumsOf(digests)) say('SHA256SUMS', 'it is not the list of the digests of the files');
    await checkRun(folder, bytesOf, digests, statement, say, notes);
  } catch (error) {
    say(folder, `it cannot be read: ${error.message}`);
  }
  return { wrong, notes };
}

/** Plain files only: a link could lead anywhere. */
function filesOf(folder, say) {
  const names = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const name = relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    if (entry.isFile()) names.push(name);
    else if (!entry.isDirectory()) say(name, 'it is no plain file');
  }
  return names.sort();
}

/** The DSSE envelope in its one form, its signature, and the copies of both for openssl. Answers the in-toto Statement. */
function checkEnvelope(names, bytesOf, { key, fingerprint, required }, say, notes) {
  const file = 'signature/envelope.dsse.json';
  const text = bytesOf(file).toString();
  const { payload: encoded, signatures } = JSON.parse(text);
  const payload = Buffer.from(encoded, 'base64');
  const pairs = signatures.map(({ keyid, sig }) => ({ keyid, sig }));
  const again = `${JSON.stringify({ payload: payload.toString('base64'), payloadType, signatures: pairs })}\n`;
  if (again !== text || signatures.length > 1) say(file, 'it is not in canonical form');
  // What is signed: type and payload, each with its length, so that neither can pass for the other.
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
  const statement = JSON.parse(payload.toString());
  const { signer } = statement.predicate;
  const [signature] = signatures;
  const expected = { 'signature/statement.pae': signed };
  if (signature !== undefined) {
    const bytes = Buffer.from(signature.sig, 'base64');
    if (bytes.toString('base64') !== signature.sig) say(file, 'its signature is not in canonical form');
    const own = createPublicKey(bytesOf('signature/public-key.pem'));
    expected['signature/statement.sig'] = bytes;
    expected['signature/public-key.pem'] = Buffer.from(own.export({ type: 'spki', format: 'pem' }));
    const used = key ?? (fingerprint === fingerprintOf(own) ? own : undefined);
    if (signer !== signature.keyid || fingerprintOf(own) !== signer)
      say(file, 'statement, signature and key name different keys');
    if (!isSigned(own.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, own, bytes))
      say(file, 'the signature is not valid');
    // The one key in the pack signed it; now it has to be the one that is trusted.
    if (used === undefined || fingerprintOf(used) !== fingerprintOf(own))
      say(file, `it is signed by an unknown key, sha256:${signer}`);
    else notes.push(`signed by the key that you trust, sha256:${signer}`);
  } else if (signer !== null) say(file, `its signature was removed: the statement names the key sha256:${signer}`);
  else if (key !== undefined || fingerprint !== undefined) say(file, 'the pack is unsigned, and a key was given');
  else if (required) say(file, 'the pack is unsigned, and a signature is required');
  else notes.push('UNSIGNED: whoever can write the pack can change a file and its digest');
  const [time, sum] = ['signature/timestamp.tsr', 'signature/timestamp.sha256'];
  if (names.includes(sum)) expected[sum] = Buffer.from(`${sha256(bytesOf(time))}  ${time}\n`);
  if (names.includes(time) !== names.includes(sum)) say(sum, 'the timestamp or its digest is missing');
  if (names.includes(time)) notes.push(`${time} is not checked here: COVER.html has the command for openssl`);
  for (const name of names.filter((each) => each.startsWith('signature/') && each !== file && each !== time))
    if (expected[name] === undefined) say(name, 'it was added');
  for (const [name, bytes] of Object.entries(expected))
    if (!bytesOf(name).equals(bytes)) say(name, 'it is not what the envelope has');
  return statement;
}

/** Every file is one that the statement names, with the digest that it names; none is missing. */
async function checkDigests(folder, names, { _type, predicateType, subject }, say) {
  if (_type !== 'https://in-toto.io/Statement/v1' || predicateType !== 'https://atrest.dev/evidence/v1')
    say('signature/envelope.dsse.json', 'its payload is no statement of a pack');
  const named = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
  const digests = new Map();
  for (const name of names.filter((each) => !each.startsWith('signature/'))) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, name), { highWaterMark: 1 << 20 })) hash.update(chunk);
    digests.set(name, hash.digest('hex'));
    if (!named.has(name)) say(name, 'it was added: the statement does not name it');
    else if (named.get(name) !== digests.get(name)) say(name, 'it was changed: its digest is not that of the statement');
  }
  for (const name of named.keys()) if (!digests.has(name)) say(name, 'it is missing');
  return digests;
}

function sumsOf(digests) {
  const names = [...digests.keys()].filter((name) => name !== 'SHA256SUMS').sort();
  return names.map((name) => `${digests.get(name)}  ${name}\n`).join('');
}

/** Manifest, summary, ledger and findings of the run agree with one another and with the statement. */
async function checkRun(folder, bytesOf, digests, { predicate }, say, notes) {
  const parsed = (name) => JSON.parse(bytesOf(`run/${name}`).toString());
  const [manifest, summary, run] = [parsed('manifest.json'), parsed('summary.json'), parsed('run.json')];
  for (const [name, { sha256: digest }] of Object.entries(manifest.files))
    if (digests.get(`run/${name}`) !== digest) say(`run/${name}`, 'it is not what the manifest of the run says');
  for (const name of digests.keys())
    if (name.startsWith('run/') && name !== 'run/manifest.json' && manifest.files[name.slice(4)] === undefined)
      say(name, 'the manifest of the run does not name it');
  const { id, startedAt, finishedAt, complete } = summary.run;
  const { ruleSet, config, waivers } = manifest;
  const { run: claimed, manifest: of, ruleSet: rules, config: configured, waivers: waived } = predicate;
  const about = { id, startedAt, finishedAt, complete, tool: summary.tool };
  const said = [about, digests.get('run/manifest.json'), ruleSet, config, waivers];
  if (sortedText([claimed, of, rules, configured, waived]) !== sortedText(said))
    say('signature/envelope.dsse.json', 'what it says of the run is not what the run says');
  if (sortedText([manifest.run, manifest.scope]) !== sortedText([summary.run, summary.scope]))
    say('run/summary.json', 'run and scope are not those of the manifest');
  if (sha256(JSON.stringify(run.config)) !== config) say('run/run.json', 'the config is not the one that the manifest names');
  if ((run.waivers === undefined ? null : sha256(JSON.stringify(run.waivers))) !== waivers)
    say('run/run.json', 'the waivers are not those that the manifest names');
  const ledger = summary.coverage.flatMap(({ operations, ...cell }) =>
    (operations.length === 0 ? [null] : operations).map((operation) => `${JSON.stringify({ ...cell, ...operation })}\n`),
  );
  if (ledger.join('') !== bytesOf('run/coverage.ndjson').toString())
    say('run/coverage.ndjson', 'it is not the coverage of the summary');
  const rows = new Map(summary.coverage.map(({ account, region, service, state }) => [`${account}/${region}/${service}`, state]));
  for (const { account, region, service } of run.cells) {
    const state = rows.get(`${account}/${region}/${service}`) ?? rows.get(`${account}/${region}/*`);
    if (state === undefined) say('run/coverage.ndjson', `it has no row for ${account}/${region}/${service}`);
    const cell = `run/inventory/${account}/${region}/${service}.ndjson.gz`;
    if ((complete || state === 'complete') && state !== undefined && !digests.has(cell))
      say(cell, 'it is missing, and the ledger says that it was read');
  }
  const gaps = [...rows].filter(([, state]) => state !== 'complete' && state !== 'skipped');
  if (complete && gaps.length > 0)
    say('run/summary.json', `it says that the run is complete, and the ledger that ${gaps[0].join(' is ')}`);
  const named = gaps.map((gap) => gap.join(' ')).join(', ');
  notes.push(complete ? 'the run is complete' : `the run is INCOMPLETE, and the pack says so: ${named}`);
  await checkCounts(folder, summary.summary, say);
}

/** The findings are as many of each verdict as the summary says, by rule and by severity, and each is there once. */
async function checkCounts(folder, { byRule, bySeverity }, say) {
  const [counts, ids] = [new Map(), new Set()];
  const count = (rule, verdict, times) => counts.set(`${rule} ${verdict}`, (counts.get(`${rule} ${verdict}`) ?? 0) + times);
  const file = 'run/findings.ndjson.gz';
  const text = pipeline(createReadStream(join(folder, file)), createGunzip(), () => undefined).setEncoding('utf8');
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const { id, pass = [], resources, rule, verdict, severity, waiver } = JSON.parse(line);
      for (const passed of pass) count(passed, 'pass', resources.length);
      const counted = verdict === 'fail' && waiver?.state === 'valid' ? 'waived' : verdict;
      for (const name of [rule, severity && `severity ${severity}`]) if (name !== undefined) count(name, counted, 1);
      if (id !== undefined && ids.size === ids.add(id).size) say(file, `the finding ${id} is there twice`);
    }
  }
  if (rest !== '') say(file, 'its last line does not end');
  const severities = Object.entries(bySeverity).map(([severity, said]) => [`severity ${severity}`, said]);
  for (const [rule, said] of [...Object.entries(byRule), ...severities])
    for (const verdict of ['pass', 'fail', 'unknown', 'error', 'waived']) {
      const is = counts.get(`${rule} ${verdict}`) ?? 0;
      counts.delete(`${rule} ${verdict}`);
      if (is !== (said[verdict] ?? 0)) say(file, `${rule}: ${verdict} ${is} times, and ${said[verdict] ?? 0} by the summary`);
    }
  for (const [what, times] of counts) say(file, `${what} ${times} times, and the summary does not have it`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { argv } = process;
  const after = (flag) => (argv.includes(flag) ? (argv[argv.indexOf(flag) + 1] ?? '') : undefined);
  const key = after('--key');
  const fingerprint = after('--fingerprint')?.toLowerCase().split(':').at(-1);
  const required = argv.includes('--require-signature');
  const trusted = { key: key === undefined ? undefined : createPublicKey(readFileSync(key)), fingerprint, required };
  const { wrong, notes } = await verify(argv[2] ?? '.', trusted);
  for (const line of [...notes, ...wrong.map((each) => `WRONG  ${each}`)]) console.log(line);
  console.log(wrong.length > 0 ? 'NOT VERIFIED' : String(notes).includes('UNSIGNED') ? 'VERIFIED, but unsigned' : 'VERIFIED');
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
