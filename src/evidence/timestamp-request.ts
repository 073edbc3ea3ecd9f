import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { agentsOf } from '#aws/agents.js';
import { AtrestError } from '#model/errors.js';
import { arrayOf, canonicalResponse, checkTimestamp, type Timestamp } from './timestamp.js';

const patienceMs = 30_000;
/** A token with its certificates has some kilobytes. */
const responseMax = 1 << 20;
const sha256Oid = '2.16.840.1.101.3.4.2.1';
const hint = 'Nothing was packed. Name another service with --timestamp, or pack without it.';

/** A response of a time-stamping service, and what it says. */
export interface Stamped extends Timestamp {
  readonly response: Buffer;
}

/** The URL of a time-stamping service. */
export function timestampUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new AtrestError('usage', `--timestamp ${text} is no http: or https: URL`, {
      hint: 'Name the URL of a time-stamping service of RFC 3161.',
    });
  return url;
}

/** Has the digest of some bytes stamped. The service sees the digest and nothing else. */
export async function requestTimestamp(url: URL, bytes: Buffer, signal: AbortSignal | undefined): Promise<Stamped> {
  const fail = (why: string, cause?: unknown) =>
    new AtrestError('output', `The time-stamping service ${url.host} gave no timestamp: ${why}`, { hint, cause });
  const nonce = randomBytes(8);
  // Positive, and no leading zeros: the service gives back the number.
  nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40;
  let answer: Buffer;
  try {
    answer = await post(url, await encodeRequest(bytes, nonce), signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw fail((error as Error).message, error);
  }
  const response = await canonicalResponse(answer);
  if (typeof response === 'string') throw fail(response);
  const stamp = await checkTimestamp(response, bytes, undefined);
  if (typeof stamp === 'string') throw fail(stamp);
  if (stamp.nonce !== nonce.toString('hex')) throw fail('it is the answer to another request');
  return { ...stamp, response };
}

async function encodeRequest(bytes: Buffer, nonce: Buffer): Promise<Buffer> {
  const [{ Integer, Null, OctetString }, { AlgorithmIdentifier, MessageImprint, TimeStampReq }] = await Promise.all([
    import('asn1js'),
    import('pkijs'),
  ]);
  const digest = createHash('sha256').update(bytes).digest();
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256Oid, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: arrayOf(digest) }),
    }),
    nonce: new Integer({ valueHex: arrayOf(nonce) }),
    certReq: true,
  });
  return Buffer.from(request.toSchema().toBER());
}

async function post(url: URL, body: Buffer, signal: AbortSignal | undefined): Promise<Buffer> {
  const { httpAgent, httpsAgent } = await agentsOf(1, patienceMs);
  const timeout = AbortSignal.timeout(patienceMs);
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', 'content-length': body.length },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  };
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request =
        url.protocol === 'https:'
          ? https.request(url, { ...options, agent: httpsAgent }, resolve)
          : http.request(url, { ...options, agent: httpAgent }, resolve);
      request.on('error', reject).end(body);
    });
    if (answer.statusCode !== 200) throw new Error(`it answers with the status ${String(answer.statusCode)}`);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > responseMax) throw new Error('its answer does not end');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (timeout.aborted) throw new Error(`it did not answer within ${String(patienceMs / 1000)} s`, { cause: error });
    throw error;
  } finally {
    httpAgent.destroy();
    httpsAgent.destroy();
  }
}
