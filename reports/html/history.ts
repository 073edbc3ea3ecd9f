import { inChunks } from '../chunks.js';
import { contentPolicy } from './policy.js';
import { historyStyle } from './style/index.js';
import { historyFoot, historyTemplate } from './templates/history.js';
import { favicon, sprite } from './templates/icons.js';
import { headTemplate, pageEnd } from './templates/page.js';
import { utc } from './text.js';
import { textsOf } from './texts/index.js';
import { historyOf, historyTitle, type HistoryPage } from './views/history.js';

/** The page over the runs of a history: one file that loads nothing and has no script. */
export function historyPage(page: HistoryPage, toolVersion: string): AsyncIterable<string> {
  return inChunks(pieces(page, toolVersion));
}

async function* pieces(page: HistoryPage, version: string): AsyncGenerator<string> {
  const texts = await textsOf[page.language ?? 'en']();
  yield headTemplate(
    {
      policy: await contentPolicy(historyStyle, null),
      title: texts.history.title(historyTitle(page, texts)),
      version,
      icon: favicon,
    },
    texts,
  );
  yield `<style>${historyStyle}</style>\n</head>\n<body>\n${sprite}\n`;
  yield historyTemplate(historyOf(page, texts), texts);
  yield historyFoot({ tool: `atrest ${version}`, made: utc(page.now.toISOString()) }, texts);
  yield pageEnd;
}
