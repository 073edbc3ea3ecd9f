const chunkLengthMax = 64 * 1024;

/** Joins small pieces until a chunk is worth writing; never holds more than one chunk. */
export async function* inChunks(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= chunkLengthMax) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
