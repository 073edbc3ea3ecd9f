import { Explorer } from './explorer.js';
import { putLater } from './later.js';
import { linesOf } from './read.js';
import { addLocalTimes, leadIntoExplorer, reveal, spellOutLosses, startStatic } from './static.js';
import { tableOf } from './table.js';
import { filled, texts } from './texts.js';
import { startTheme } from './theme.js';

/**
 * The page's only script; its hash stands in the page's policy. Without it the page holds the worst findings and every
 * count; with it, all of them, to be searched.
 */
const themeButton = startTheme();
document.addEventListener('DOMContentLoaded', () => {
  themeButton();
  startStatic();
  addLocalTimes();
  void start();
});

async function start(): Promise<void> {
  const explorer = await explorerOf(document.getElementById('explorer'), document.getElementById('data'));
  const follow = () => {
    if (explorer?.follow(location.hash)) return;
    reveal(decoded(location.hash.slice(1)));
  };
  addEventListener('hashchange', follow);
  // The same link a second time changes no hash.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
    if (link?.hash === location.hash) follow();
  });
  explorer?.follow('');
  await putLater();
  spellOutLosses();
  if (explorer) leadIntoExplorer();
  if (location.hash !== '') follow();
}

/** The explorer in its place; undefined where there is none, or nothing to explore, or the browser cannot read the data. */
async function explorerOf(place: HTMLElement | null, data: HTMLElement | null): Promise<Explorer | undefined> {
  if (!place || !data) return undefined;
  try {
    const explorer = new Explorer(await tableOf(linesOf(data.textContent)));
    data.remove();
    place.replaceChildren(explorer.element);
    place.hidden = false;
    document.documentElement.classList.add('live');
    return explorer;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    place.textContent = filled(texts.unreadable, { why });
    place.hidden = false;
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
