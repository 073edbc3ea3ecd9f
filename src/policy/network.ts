/** How wide an address range is. Written out here because policy analysis imports nothing, `node:net` included. */

const WIDEST_V4 = 8;
const WIDEST_V6 = 32;
/** `::ffff:a.b.c.d` is an IPv4 address in IPv6 clothes: its first 96 bits say nothing. */
const MAPPED_BITS = 96;

/** A single address or a range no wider than /8 (IPv6: /32). Text that is no address range is not narrow. */
export function isNarrowNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  if (more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return false;
  if (isV4(address)) {
    const bits = length === undefined ? 32 : Number(length);
    return bits <= 32 && bits >= WIDEST_V4;
  }
  const groups = v6Groups(address);
  if (groups === null) return false;
  const bits = length === undefined ? 128 : Number(length);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return bits <= 128 && bits >= (mapped ? MAPPED_BITS + WIDEST_V4 : WIDEST_V6);
}

function isV4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** The eight groups of an IPv6 address, `::` filled in; null when the text is none. */
function v6Groups(text: string): readonly number[] | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const [head, tail] = sides.map((side) => groupsOf(side));
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? head : null;
  const gap = 8 - head.length - tail.length;
  return gap < 1 ? null : [...head, ...Array<number>(gap).fill(0), ...tail];
}

function groupsOf(side: string): number[] | null {
  if (side === '') return [];
  const groups: number[] = [];
  const parts = side.split(':');
  for (const [at, part] of parts.entries()) {
    if (at === parts.length - 1 && isV4(part)) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}
