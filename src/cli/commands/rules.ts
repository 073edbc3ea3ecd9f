import { catalogue, describeRule } from '#index.js';
import type { Io } from '../io.js';
import { unknownWord } from '../options.js';

const { rules, frameworks } = catalogue;

export function rulesListCommand({ json }: { readonly json?: boolean }, io: Io): number {
  const described = rules.map((rule) => describeRule(rule, frameworks));
  if (json === true) {
    io.out(`${JSON.stringify(described, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...described.map(({ id }) => id.length));
  for (const { id, severity, title, recommended } of described) {
    io.out(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}${recommended ? '' : ' (strict only)'}\n`);
  }
  return 0;
}

export function rulesShowCommand(id: string, io: Io): number {
  const rule =
    rules.find((each) => each.id === id) ??
    unknownWord(
      'rule',
      id,
      rules.map((each) => each.id),
    );
  const { title, severity, kinds, operations, actions, controls, source } = describeRule(rule, frameworks);
  const width = Math.max(...rule.states.map(([state]) => state.length));
  const lines = [
    `${id} (${severity})`,
    title,
    '',
    rule.docs.why,
    '',
    'How it decides, in this order:',
    ...rule.states.map(([state, verdict]) => `  ${state.padEnd(width)}  ${verdict}`),
    '',
    `Speaks of:   ${kinds.join(', ')}`,
    `Reads:       ${operations.join(', ')}`,
    `IAM actions: ${actions.join(', ')}`,
    `Controls:    ${controlsText(controls)}`,
    `When to waive: ${rule.docs.waive}`,
    `Source: ${source}`,
  ];
  io.out(`${lines.join('\n')}\n`);
  return 0;
}

function controlsText(controls: Readonly<Record<string, readonly string[]>>): string {
  const found = Object.entries(controls).map(([framework, ids]) => `${framework} ${ids.join(', ')}`);
  return found.length === 0 ? 'none' : found.join('; ');
}
