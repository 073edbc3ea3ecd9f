import type { RuleRow } from '#model/report.js';
import type { Severity } from '#model/severity.js';
import { limits } from './limits.js';
import { markdown, message, shortened } from './message.js';

export const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** GitHub shows above 9.0 as critical, from 7.0 as high, from 4.0 as medium, above 0.0 as low. */
const securitySeverities: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: undefined,
};

/** A rule as a reporting descriptor. `severity` is that of its findings in the run where a baseline changed it. */
export function descriptor({ id, title, why, source, controls, kinds }: RuleRow, severity: Severity): object {
  const named = Object.entries(controls).flatMap(([framework, ids]) => ids.map((control) => `${framework}/${control}`));
  const more = `\`atrest rules show ${id}\` prints what it looks at and how to mend what it finds.`;
  return {
    id,
    name: id.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase()),
    shortDescription: message(shortened(`${title}.`, limits.description)),
    fullDescription: message(shortened(why || `${title}.`, limits.description)),
    help: {
      text: message([`${title}.`, why, `Source: ${source}`, `Controls: ${named.join(', ') || 'none'}`, more].join('\n\n')).text,
      markdown: markdown(
        [
          `**${plain(title)}**`,
          plain(why),
          ...(isPage(source) ? [`Source: <${source}>`] : []),
          ...Object.entries(controls).map(([framework, ids]) => `- ${plain(framework)}: ${ids.map(plain).join(', ')}`),
          more,
        ].join('\n\n'),
      ),
    },
    ...(isPage(source) ? { helpUri: source } : {}),
    defaultConfiguration: { level: levels[severity] },
    properties: {
      ...{ precision: 'very-high', 'security-severity': securitySeverities[severity], severity, kinds, controls: named },
      // All of them are under `controls`; GitHub refuses the file for one tag too many.
      tags: [...new Set(['security', 'encryption', id.split('/')[0] ?? '', ...named])]
        .filter((tag) => tag !== '')
        .slice(0, limits.tags),
    },
  };
}

/** What cannot be Markdown, whatever is in it. */
function plain(text: string): string {
  return text.replace(/[\\`*_<>#|~&![\]-]/g, '\\$&');
}

function isPage(source: string): boolean {
  return /^https:\/\/[\w.-]+(\/[\w.~%/#?=&+:@,;-]*)?$/.test(source);
}
