import { Option, type Command } from 'commander';
import type { Io } from './io.js';
import { list, pluginOption } from './program-options.js';

/** The commands that show what atrest knows: rules, frameworks, and the baselines made of them. */
export function addCatalogue(program: Command, io: Io, result: { exitCode: number }): void {
  addRules(program, io, result);
  addFrameworks(program, io, result);
  addBaseline(program, io, result);
}

function addRules(program: Command, io: Io, result: { exitCode: number }): void {
  const rules = program.command('rules').description('the rule catalogue');
  rules
    .command('list')
    .description('every rule')
    .option('--json', 'as JSON')
    .option(...pluginOption)
    .action(async (options: object) => {
      result.exitCode = await (await import('./commands/rules.js')).rulesListCommand(options, io);
    });
  rules
    .command('show <id>')
    .description('one rule: how it decides, what it reads, what to do')
    .option(...pluginOption)
    .action(async (id: string, options: object) => {
      result.exitCode = await (await import('./commands/rules.js')).rulesShowCommand(id, options, io);
    });
  rules
    .command('test <dir>')
    .description("judge the cases of a plugin's rules, which stand in its *.test.yaml files")
    .action(async (dir: string) => {
      result.exitCode = await (await import('./commands/rules.js')).rulesTestCommand(dir, io);
    });
  rules
    .command('new <id>')
    .description('write a rule, its cases and its page to start from')
    .option('--dir <dir>', 'the folder of the plugin', '.')
    .action(async (id: string, options: { dir: string }) => {
      result.exitCode = await (await import('./commands/rules.js')).rulesNewCommand(id, options, io);
    });
}

function addFrameworks(program: Command, io: Io, result: { exitCode: number }): void {
  const frameworks = program.command('frameworks').description('compliance frameworks, each of them a baseline too');
  frameworks
    .command('list')
    .description('every framework')
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      result.exitCode = (await import('./commands/frameworks.js')).frameworksListCommand(options, io);
    });
  frameworks
    .command('show <id> [run]')
    .description('its controls with their rules; with a finished run, how many pass and fail')
    .option('--json', 'as JSON')
    .action(async (id: string, run: string | undefined, options: object) => {
      result.exitCode = await (await import('./commands/frameworks.js')).frameworksShowCommand(id, run, options, io);
    });
}

function addBaseline(program: Command, io: Io, result: { exitCode: number }): void {
  program
    .command('baseline')
    .description('the baselines of a config')
    .command('show <account>')
    .description('the baseline of an account: each rule with severity and options, and where each comes from; AWS is not asked')
    .option('--config <file>', 'configuration (default: atrest.yaml if it is there)')
    .option('--run <run>', 'take what the assignment asks of the account from this run')
    .option('--name <name>', 'name of the account')
    .option('--path <path>', 'OU path of the account, by ids or by names (repeatable)', list)
    .option('--tag <tag>', 'tag of the account, as KEY=VALUE (repeatable)', one)
    .option(...pluginOption)
    .addOption(new Option('--format <name>', 'text or json').default('text'))
    .action(async (account: string, options: { format: string }) => {
      result.exitCode = await (await import('./commands/baseline.js')).baselineShowCommand(account, options, io);
    });
}

/** Repeatable; a comma is part of the value. */
function one(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
