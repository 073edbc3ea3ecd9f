import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { inChunks } from '../../chunks.js';

/** Text as the page carries its data: gzipped, in base64. */
export async function* packed(pieces: Iterable<string>, level: number): AsyncGenerator<string> {
  // What goes wrong on the way ends the iteration over the last stream with the same error.
  const zipped = pipeline(Readable.from(inChunks(pieces)), createGzip({ level }), () => undefined);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of zipped as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString('base64', 0, whole);
    rest = bytes.subarray(whole);
  }
  yield rest.toString('base64');
}
