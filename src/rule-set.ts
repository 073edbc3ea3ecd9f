import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Rule } from '#model/rule.js';

/** Digest of the rules that judged: their metadata and their code. */
export function ruleSetDigest(rules: readonly Rule[]): string {
  const hash = createHash('sha256');
  for (const rule of rules) {
    const options = rule.options === null ? null : z.toJSONSchema(rule.options, { io: 'input' });
    hash.update(JSON.stringify([{ ...rule, options }, String(rule.appliesTo), String(rule.evaluate)]));
  }
  return hash.digest('hex');
}
