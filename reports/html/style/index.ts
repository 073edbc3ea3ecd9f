import { base } from './base.js';
import { explorer } from './explorer.js';
import { findings } from './findings.js';
import { history } from './history.js';
import { keys } from './keys.js';
import { media } from './media.js';
import { overview } from './overview.js';
import { signs } from './signs.js';
import { tokens } from './tokens.js';

/** The page's only style; its hash stands in the page's policy. */
export const style = [tokens, base, signs, overview, findings, explorer, keys, media].join('').trim();

/** The style of the page over a history. */
export const historyStyle = [tokens, base, signs, overview, media, history].join('').trim();
