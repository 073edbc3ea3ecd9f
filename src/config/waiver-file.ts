import { z } from 'zod';
import type { Conditions } from '#model/waiver.js';

const words = (what: string) =>
  z
    .string({ error: `${what} is expected, as text` })
    .refine((text) => text.trim() !== '', `${what} is expected, not a blank text`);
const glob = z.string({ error: 'a glob is expected, as text' }).min(1, 'a glob is expected, not an empty text');

const accountHint =
  'an account id is expected, as text (quote it, or YAML reads it as a number); * and ? stand for any characters';
const account = z.string({ error: accountHint }).regex(/^(?:[\d?]{12}|[\d?]*\*[\d*?]*)$/, accountHint);

/** In `z.iso.date` a day has to be one: 2027-02-30 is none. */
const date = z.iso.date({
  error: ({ input }) => `${typeof input === 'string' ? `${input} is no day; ` : ''}a date is expected, as 2027-03-31`,
});

const arnHint = 'a glob over the full ARN is expected, as arn:aws:s3:::name or *:name';
const tags = z
  .record(z.string(), z.union([glob.transform((value) => [value]), z.array(glob).min(1)]))
  .refine((keys) => Object.keys(keys).length > 0, 'name a tag');

const conditions = {
  rule: words('the id of a rule, or a glob over ids,'),
  resource: z
    .string({ error: arnHint })
    .regex(/^(arn:|[*?])/, arnHint)
    .optional(),
  accounts: z.array(account).min(1).optional(),
  regions: z.array(glob).min(1).optional(),
  path: glob.optional(),
  allTags: tags.optional(),
  anyTags: tags.optional(),
};

type Narrowing = Omit<Conditions, 'rule'>;
const narrowing = [
  'resource',
  'accounts',
  'regions',
  'path',
  'allTags',
  'anyTags',
] as const satisfies readonly (keyof Narrowing)[];
const hint = `name at least one of ${narrowing.join(', ')}`;

/** What speaks of everything is most likely a slip; where it is meant, a baseline says it better. */
function isNarrow(given: Conditions): boolean {
  const there = narrowing.filter((name) => given[name] !== undefined);
  const everyRule = /^\*+$/.test(given.rule);
  return there.length > 0 && !(everyRule && there.length === 1 && there[0] === 'resource' && /^\*+$/.test(given.resource ?? ''));
}

const Waiver = z
  .strictObject({
    ...conditions,
    reason: words('the reason'),
    owner: words('the owner').optional(),
    ticket: words('the ticket').optional(),
    'approved-by': words('who approved it').optional(),
    expires: date.optional(),
  })
  .refine(isNarrow, `it waives everything everywhere: ${hint}; a rule that nobody wants is off in the baseline`);

const Attestation = z
  .strictObject({
    ...conditions,
    result: z.enum(['pass', 'fail'], 'pass or fail is expected'),
    by: words('who attests it'),
    on: date,
    expires: date.optional(),
    evidence: words('a link to what proves it').optional(),
    reason: words('the reason').optional(),
  })
  .refine(isNarrow, `it speaks of everything everywhere: ${hint}`)
  .refine(({ on, expires }) => expires === undefined || expires >= on, {
    error: 'it expires before the day of `on`',
    path: ['expires'],
  });

/** A file of waivers and attestations, as the config names it under `waivers`. */
export const WaiverFile = z.strictObject({
  waivers: z.array(Waiver).optional(),
  attestations: z.array(Attestation).optional(),
});
