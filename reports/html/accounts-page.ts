import { inChunks } from '../chunks.js';
import { contentPolicy } from './policy.js';
import { historyStyle } from './style/index.js';
import { accountsPageTemplate } from './templates/accounts-page.js';
import { favicon, sprite } from './templates/icons.js';
import { headTemplate, pageEnd } from './templates/page.js';
import { utc } from './text.js';
import { textsOf } from './texts/index.js';
import { accountsPageOf, type AccountsPage } from './views/accounts-page.js';

export type { AccountReport } from './views/accounts-page.js';

/** The page over the pages of a run's accounts: one file that loads nothing and has no script. */
export function accountsPage(page: AccountsPage): AsyncIterable<string> {
  return inChunks(pieces(page));
}

async function* pieces(page: AccountsPage): AsyncGenerator<string> {
  const { header, language = 'en' } = page;
  const texts = await textsOf[language]();
  const view = accountsPageOf(page, texts);
  yield headTemplate(
    {
      policy: await contentPolicy(historyStyle, null),
      title: `${view.verdict.headline} – atrest, ${utc(header.run.startedAt).slice(0, 10)}`,
      version: header.tool.version,
      icon: favicon,
    },
    texts,
  );
  yield `<style>${historyStyle}</style>\n</head>\n<body>\n${sprite}\n`;
  yield accountsPageTemplate(view, texts);
  yield pageEnd;
}
