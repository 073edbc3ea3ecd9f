import { Option, type Command } from 'commander';
import type { GateFlags } from './commands/gate.js';
import type { Io } from './io.js';
import { list, pluginOption, severities } from './program-options.js';

/** The commands that a pipeline asks of finished runs. */
export function addGate(program: Command, io: Io, result: { exitCode: number }): void {
  program
    .command('gate <run>')
    .description('whether a finished run passes: exit code and why')
    .option('--against <run>', 'an earlier run: what is new or worse since then fails')
    .option('--known <file>', 'accepted findings, as `known write` writes them: they do not count')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 on findings of this severity or worse (default: high)').choices(severities),
    )
    .addOption(
      new Option(
        '--fail-on-new [severity]',
        'exit 1 on new or worse findings only, of this severity or worse (default: any)',
      ).choices(severities),
    )
    .option('--max <rule-or-account=n>', 'so many findings of a rule, or in an account, do not count (repeatable)', list)
    .addOption(
      new Option('--unknown <mode>', 'what an unknown does that comes with a gap: exit 3 (gap, default), fail or ignore').choices(
        ['fail', 'gap', 'ignore'],
      ),
    )
    .option('--allow-incomplete', 'exit 0 although something could not be read')
    .option(...pluginOption)
    .option('--json', 'as JSON, with every finding that fails')
    .action(async (run: string, options: GateFlags) => {
      result.exitCode = await (await import('./commands/gate.js')).gateCommand(run, options, io);
    });

  const known = program.command('known').description('findings that are accepted as they are, in a file to commit');
  known
    .command('write <run>')
    .description('accept every finding of a run that no waiver covers')
    .option('--out <file>', 'the file; entries that it has keep their first-seen date', 'atrest-known.json')
    .option('--prune', 'take out what no longer occurs too')
    .action(async (run: string, options: { out: string; prune?: boolean }) => {
      result.exitCode = await (await import('./commands/known.js')).knownWriteCommand(run, options, io);
    });
  known
    .command('prune <run>')
    .description('take out what no longer occurs, and nothing that could not be read')
    .option('--file <file>', 'the file', 'atrest-known.json')
    .action(async (run: string, options: { file: string }) => {
      result.exitCode = await (await import('./commands/known.js')).knownPruneCommand(run, options, io);
    });

  program
    .command('diff <earlier> <run>')
    .description('what is new, worse, fixed or not evaluated any more since an earlier run')
    .addOption(new Option('--format <name>', 'text, json or md').choices(['text', 'json', 'md']).default('text'))
    .action(async (earlier: string, run: string, options: { format: 'text' | 'json' | 'md' }) => {
      result.exitCode = await (await import('./commands/diff.js')).diffCommand(earlier, run, options, io);
    });
}
