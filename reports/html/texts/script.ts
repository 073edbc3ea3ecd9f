import type { Texts } from './en.js';

/** The texts of a language that the page's script needs. */
function scriptTexts({
  lang,
  blank,
  documentation,
  verdicts,
  severities,
  causes,
  levels,
  heads,
  findings,
  changes,
  script,
}: Texts) {
  const { account, action, baseline, cause, change, code, key, operation, region, resource, verdict } = heads;
  const { levelNotKnown, noAction } = findings;
  return {
    ...script,
    ...{ lang, blank, documentation, verdicts, severities, causes, levels, levelNotKnown, noAction },
    heads: { account, action, baseline, cause, change, code, key, operation, region, resource, verdict },
    changes: changes.words,
    reasons: changes.reasons,
  };
}
export type ScriptTexts = ReturnType<typeof scriptTexts>;

/** The texts for the page's script as a data block, in which no markup can stand. */
export function scriptTextsBlock(texts: Texts): string {
  const data = JSON.stringify(scriptTexts(texts)).replaceAll('<', String.raw`\u003c`);
  return `<script type="application/json" id="texts">${data}</script>`;
}
