/** Small integer hashes: everything the estate makes up is a pure function of the seed, so no random source is used. */

/** 32-bit hash of a text (FNV-1a with a final avalanche). */
export function hashText(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash, text.length);
}

/** 32-bit hash of two numbers. */
export function mix(base: number, n: number): number {
  let x = (base ^ Math.imul(n + 0x9e3779b9, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** By table: ids are most of the cost of making a record up. */
export function hex8(n: number): string {
  return `${bytes[n >>> 24]}${bytes[(n >>> 16) & 255]}${bytes[(n >>> 8) & 255]}${bytes[n & 255]}`;
}

const MULTIPLIER = 0x9e3779b1;
/** Inverse of MULTIPLIER modulo 2^32, by Newton's iteration. */
const INVERSE = (() => {
  let x = MULTIPLIER;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(MULTIPLIER, x));
  return x;
})();

/** A bijection on 32 bits: ids look random, and the index can be read back from them. */
export function scramble(index: number, base: number): number {
  const x = Math.imul(index ^ base, MULTIPLIER);
  return (x ^ (x >>> 16)) >>> 0;
}

export function unscramble(value: number, base: number): number {
  const x = (value ^ (value >>> 16)) >>> 0;
  return (Math.imul(x, INVERSE) ^ base) >>> 0;
}

/** 17 hex digits as in `vol-0…`: a check word, then the scrambled index. */
export function hexId(base: number, index: number): string {
  return `0${hex8(mix(base, index))}${hex8(scramble(index, base))}`;
}

/** The index inside an id made by `hexId` with the same base, if it is one. */
export function indexOfHexId(base: number, id: string): number | undefined {
  if (!/^0[0-9a-f]{16}$/.test(id)) return undefined;
  const index = unscramble(Number.parseInt(id.slice(9), 16), base);
  return hexId(base, index) === id ? index : undefined;
}

/** A UUID whose second half carries the index. */
export function uuid(base: number, index: number): string {
  const [a, b, c, d] = [mix(base, index), mix(base + 1, index), mix(base + 2, index), scramble(index, base)].map(hex8);
  return `${a}-${b?.slice(0, 4)}-4${b?.slice(5)}-a${c?.slice(1, 4)}-${c?.slice(4)}${d}`;
}

export function indexOfUuid(base: number, id: string): number | undefined {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const index = unscramble(Number.parseInt(id.slice(-8), 16), base);
  return uuid(base, index) === id ? index : undefined;
}
