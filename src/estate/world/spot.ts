import { hashText, hex8, mix } from './hash.js';
import { daysBefore } from './key.js';

/** Where a record lies, and the number that its made-up id comes from. */
export interface Spot {
  seed: number;
  account: string;
  region: string;
  ordinal: number;
}

/** A record as written by hand. */
export type Given = Record<string, unknown>;

export function base(spot: Spot, name: string): number {
  return hashText(`explicit/${spot.account}/${spot.region}/${name}`, spot.seed);
}

export function hexDigits(spot: Spot, name: string): string {
  const start = mix(base(spot, name), spot.ordinal);
  return [0, 1, 2, 3].map((i) => hex8(mix(start, i))).join('');
}

export function age(spot: Spot): Date {
  return daysBefore(30 + (mix(base(spot, 'age'), spot.ordinal) % 700));
}

export function pick(given: Given, field: string, otherwise: string): string {
  const value = given[field];
  return typeof value === 'string' ? value : otherwise;
}
