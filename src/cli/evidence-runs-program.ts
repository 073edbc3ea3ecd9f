import { Option, type Command } from 'commander';
import type { ChainFlags } from './commands/evidence-chain.js';
import type { Io } from './io.js';

/** What an auditor asks of many runs, and of the resources of one. */
export function addEvidenceOfRuns(program: Command, io: Io, result: { exitCode: number }): void {
  const evidence =
    program.commands.find((command) => command.name() === 'evidence') ??
    program.command('evidence').description('what an auditor can verify alone');
  evidence
    .command('chain <dir>')
    .description('whether the runs of a history follow one another, and which nights are missing or incomplete')
    .option('--from <date>', 'first night, as YYYY-MM-DD (default: that of the first run)')
    .option('--to <date>', 'last night (default: that of the last run)')
    .option('--scope <digest>', 'only the runs of this scope; the first characters are enough')
    .addOption(new Option('--format <name>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (dir: string, options: ChainFlags) => {
      result.exitCode = await (await import('./commands/evidence-chain.js')).evidenceChainCommand(dir, options, io);
    });
}
