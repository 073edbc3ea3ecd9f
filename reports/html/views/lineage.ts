import type { LineageHop, ReportHeader } from '#model/report.js';
import { limits } from '../limits.js';
import { cut } from '../text.js';
import { keyTargets } from './keys.js';
import { accountNames, kindName } from './names.js';
import type { Texts } from '../texts/index.js';

interface HopView {
  readonly name: string;
  readonly place: string;
  readonly under: string;
  /** Its key by name; null: it has none, or which is not known. */
  readonly key: string | null;
  /** The key, where the page shows it in full. */
  readonly target: string | null;
  /** `lost`: what is under the key cannot be restored, or soon not; `other`: not under a key of one's own. */
  readonly tone: 'lost' | 'other' | 'own' | 'unread';
  readonly y: number;
  readonly textY: number;
  readonly noteY: number;
  /** As they fit into the picture. */
  readonly short: string;
  readonly shortUnder: string;
}

/** A chain of copies. */
export interface ChainView {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly height: number;
  readonly line: string;
  readonly hops: readonly HopView[];
}

/** Copies of snapshots from region to region and account to account, with the key at each hop. */
export interface LineageView {
  readonly chains: readonly ChainView[];
  readonly notes: readonly string[];
}

const hopHeight = 44;

export function lineageOf(header: ReportHeader, texts: Texts): LineageView {
  const { lineage: words } = texts;
  const { chains = [], more = 0, unseen = 0 } = header.lineage ?? {};
  const names = accountNames(header);
  const keys = new Map(header.keys.map(({ arn, name }) => [arn, name]));
  const targets = keyTargets(header);
  const shown = chains.slice(0, limits.chains);
  const left = chains.length - shown.length + more;
  return {
    chains: shown.map(({ hops }, index) => {
      const views = hops.map((hop, at) => hopOf(hop, at, { names, keys, targets, words }));
      return {
        id: `c${index}`,
        number: index + 1,
        title: words.chain(hops.length - 1, kindName(texts, hops[0]?.kind ?? ''), cut(views[0]?.name ?? '', 60)),
        height: hops.length * hopHeight,
        line: `M10 16V${(hops.length - 1) * hopHeight + 16}`,
        hops: views,
      };
    }),
    notes: [...(left > 0 ? [words.more(left, chains.length)] : []), ...(unseen > 0 ? [words.unseen(unseen)] : [])],
  };
}

interface Known {
  readonly names: (id: string) => string;
  readonly keys: ReadonlyMap<string, string>;
  readonly targets: ReadonlyMap<string, string>;
  readonly words: Texts['lineage'];
}

function hopOf(hop: LineageHop, at: number, { names, keys, targets, words }: Known): HopView {
  const { resource, account, region, key } = hop;
  const under = underOf(hop, words);
  const name = key === null ? null : (keys.get(key) ?? key);
  const place = [region ?? words.noRegion, account === null ? words.noAccount : names(account)].join(', ');
  const y = at * hopHeight;
  return {
    name: resource,
    place,
    under,
    key: name,
    target: key === null ? null : (targets.get(key) ?? null),
    tone: toneOf(hop),
    y: y + 16,
    textY: y + 20,
    noteY: y + 36,
    short: cut(place, 44),
    shortUnder: cut([...(name === null ? [] : [name.replace(/^arn:.*\//, '')]), hop.trouble ?? under].join(': '), 46),
  };
}

function toneOf({ level, trouble }: LineageHop): HopView['tone'] {
  if (trouble !== null) return 'lost';
  if (level === null) return 'unread';
  return level === 'customer-managed' ? 'own' : 'other';
}

function underOf({ level, trouble, unread }: LineageHop, words: Texts['lineage']): string {
  const said = level === null ? (unread ?? words.noKey) : words.levels[level];
  return trouble === null ? said : level === null && unread === null ? trouble : `${said}, ${trouble}`;
}
