import { base } from './base.js';
import { explorer } from './explorer.js';
import { findings } from './findings.js';
import { keys } from './keys.js';
import { media } from './media.js';
import { overview } from './overview.js';
import { tokens } from './tokens.js';

/** The page's only style; its hash stands in the page's policy. */
export const style = [tokens, base, overview, findings, explorer, keys, media].join('').trim();
