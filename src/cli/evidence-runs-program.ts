import { Option, type Command } from 'commander';
import type { ChainFlags } from './commands/evidence-chain.js';
import type { PopulationFlags, SampleFlags } from './commands/evidence-population.js';
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

  evidence
    .command('population <run>')
    .description('every resource of a kind that a run listed, with count and digest; says what was not listed')
    .requiredOption('--kind <name>', 'the kind of resource, as ebs.volume')
    .addOption(new Option('--format <name>', 'ndjson or csv').choices(['ndjson', 'csv']).default('ndjson'))
    .action(async (run: string, options: PopulationFlags) => {
      result.exitCode = await (await import('./commands/evidence-population.js')).evidencePopulationCommand(run, options, io);
    });
  evidence
    .command('sample <run>')
    .description('a sample that anybody can draw again, each resource with its facts, their calls and its verdicts')
    .requiredOption('--kind <name>', 'the kind of resource, as ebs.volume')
    .requiredOption('--size <n>', 'how many')
    .requiredOption('--seed <text>', 'what decides which; best named by the auditor')
    .action(async (run: string, options: SampleFlags) => {
      result.exitCode = await (await import('./commands/evidence-population.js')).evidenceSampleCommand(run, options, io);
    });
}
