import { resolve } from 'node:path';
import { describeRule, loadPlugin, testRules, writeNewRule } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, unknownWord, type SharedFlags } from '../options.js';

export async function rulesListCommand(flags: SharedFlags, io: Io): Promise<number> {
  const known = await catalogueOf(flags);
  const described = known.rules.map((rule) => describeRule(rule, known));
  if (flags.json === true) {
    io.out(`${JSON.stringify(described, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...described.map(({ id }) => id.length));
  for (const { id, severity, title, recommended } of described) {
    io.out(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}${recommended ? '' : ' (strict only)'}\n`);
  }
  return 0;
}

export async function rulesShowCommand(id: string, flags: SharedFlags, io: Io): Promise<number> {
  const known = await catalogueOf(flags);
  const rule =
    known.rules.find((each) => each.id === id) ??
    unknownWord(
      'rule',
      id,
      known.rules.map((each) => each.id),
    );
  const { title, severity, kinds, operations, actions, controls, source } = describeRule(rule, known);
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

/** Judges the cases that a plugin brings; 0 when all came out as they say, else 1. */
export async function rulesTestCommand(folder: string, io: Io): Promise<number> {
  const path = resolve(folder);
  const results = await testRules(await loadPlugin(path, '.'), path);
  const failed = results.filter(({ problem }) => problem !== null);
  for (const { rule, name, problem } of results)
    io.out(`${problem === null ? 'ok  ' : 'FAIL'}  ${rule}  ${name}${problem === null ? '' : `: ${problem}`}\n`);
  io.err(`${String(results.length - failed.length)} of ${String(results.length)} cases hold.\n`);
  return failed.length === 0 ? 0 : 1;
}

export async function rulesNewCommand(id: string, { dir }: { readonly dir: string }, io: Io): Promise<number> {
  for (const path of await writeNewRule(id, dir)) io.out(`${path}\n`);
  io.err(`Test it with: atrest rules test ${dir}\n`);
  return 0;
}
