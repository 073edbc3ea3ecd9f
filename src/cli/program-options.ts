import { languages } from '#reports/index.js';

export const severities = ['critical', 'high', 'medium', 'low', 'info', 'never'];

/** Repeatable and comma-separated. */
export function list(value: string, previous: readonly string[] = []): readonly string[] {
  return [
    ...previous,
    ...value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ];
}

export const pluginOption = ['--plugin <path>', 'rules of this folder or npm package too (repeatable)', list] as const;

export const langOption = [
  '--lang <code>',
  `language of HTML pages: ${languages.join(', ')} (default: the run's or the config's, or en)`,
] as const;
