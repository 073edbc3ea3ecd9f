declare global {
  interface Uint8ArrayConstructor {
    /** In browsers of 2025 and later. */
    fromBase64?(text: string): Uint8Array<ArrayBuffer>;
  }
}

/** The lines of a text that is gzipped and in base64. */
export async function* linesOf(base64: string): AsyncGenerator<string> {
  const stream = new Blob([bytesOf(base64)])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream());
  // Not every browser iterates over a stream.
  const reader = stream.getReader();
  let parts: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const [first = '', ...more] = value.split('\n');
    parts.push(first);
    for (const next of more) {
      yield parts.join('');
      parts = [next];
    }
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
