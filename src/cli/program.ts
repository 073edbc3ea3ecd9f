import { Command, Option } from 'commander';
import { formatNames } from '#reports/index.js';
import { toolVersion } from '#version.js';
import { addCatalogue } from './catalogue-program.js';
import { addEvidence } from './evidence-program.js';
import { addEvidenceOfRuns } from './evidence-runs-program.js';
import { addGate } from './gate-program.js';
import type { Io } from './io.js';
import { langOption, list, pluginOption, severities } from './program-options.js';

/** Which rules are on. */
function choosing(command: Command): Command {
  return command
    .option('--rules <glob>', 'only these rules, switched on whatever the baseline says (repeatable)', list)
    .option('--baseline <name>', 'which rules are on: recommended, strict, a framework, or one of the config');
}

/** The commands, their flags and help texts. Each command's code is loaded when it runs. */
export function makeProgram(io: Io, result: { exitCode: number }): Command {
  const program = new Command('atrest')
    .description('Audits encryption at rest on AWS: S3, EBS, RDS, their snapshots and the KMS keys behind them.')
    .version(toolVersion, '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(atrest --help lists the commands and flags)')
    .showSuggestionAfterError();

  const judging = (command: Command): Command =>
    choosing(command).option('--framework <id>', 'count the controls of this framework too (repeatable)', list);
  const reporting = (command: Command): Command =>
    command
      .option(
        '--format <name>',
        `report formats: ${formatNames.join(', ')} (ndjson goes to stdout; repeatable; default json and html)`,
        list,
      )
      .option(...pluginOption)
      .option('--include-pass', 'show passing resources in reports too')
      .option('--explain', 'show in reports why rules do not apply')
      .option(...langOption);
  const gating = (command: Command): Command =>
    command
      .addOption(
        new Option('--fail-on <severity>', 'exit 1 on findings of this severity or worse (default: high)').choices(severities),
      )
      .option('--allow-incomplete', 'exit 0 although something could not be read')
      .option('--quiet', 'no progress and no summary')
      .option('--json', 'print the summary as JSON on stdout');

  const scan = program
    .command('scan')
    .description('crawl, evaluate, report')
    .option('--out <dir>', 'the run folder; must be empty (default: atrest-runs/RUN-ID)')
    .option('--deadline <duration>', 'report what was read by then, 45s, 30m or 2h from now; --resume reads the rest')
    .option('--resume <dir>', 'finish the run of this folder, with the scope, rules and reports it was begun with')
    .option('--history <target>', 'store the run in this folder or s3://bucket/prefix')
    .option('--log <file>', 'append a JSON line for each event; - for stderr')
    .action(async (options: object) => {
      result.exitCode = await (await import('./commands/scan.js')).scanCommand(options, io);
    });
  gating(reporting(judging(scoping(scan))));

  judging(scoping(addPlan(program, io, result)));

  addFirstSteps(program, io, result);

  const evaluate = program
    .command('evaluate <run>')
    .description('judge a stored run again, offline')
    .requiredOption('--out <dir>', 'folder for the findings; must be empty')
    .option('--config <file>', 'with the waivers of this configuration; all else stays as the run had it')
    .action(async (run: string, options: { out: string }) => {
      result.exitCode = await (await import('./commands/evaluate.js')).evaluateCommand(run, options, io);
    });
  gating(reporting(judging(evaluate)));

  const report = program
    .command('report <run>')
    .description('render the reports of a finished run again')
    .option('--out <dir>', 'where to (default: the run folder)')
    .option('--against <run>', 'an earlier run: formats that can show what is new since then do')
    .option('--redact <what>', 'pseudonyms in place of account-ids, arns, tags (repeatable)', list)
    .option('--split-by <what>', 'account: an HTML page for each account, and index.html over them, in the folder --out')
    .action(async (run: string, options: object) => {
      result.exitCode = await (await import('./commands/report.js')).reportCommand(run, options, io);
    });
  reporting(report);

  addPush(program, io, result);
  addPolicy(program, io, result);
  addGate(program, io, result);
  addEvidence(program, io, result);
  addHistory(program, io, result);
  addImpact(program, io, result);
  addWaivers(program, io, result);
  addCatalogue(program, io, result);
  addEvidenceOfRuns(program, io, result);
  return program;
}

/** What comes before the first scan. */
function addFirstSteps(program: Command, io: Io, result: { exitCode: number }): void {
  program
    .command('demo')
    .description('scan a simulated AWS organisation that comes with atrest')
    .option('--out <dir>', 'the run folder, replaced when it is a demo', 'atrest-demo')
    .option('--quiet', 'no progress')
    .action(async (options: { out: string; quiet?: boolean }) => {
      result.exitCode = await (await import('./commands/demo.js')).demoCommand(options, io);
    });

  program
    .command('init')
    .description('write a commented config to start from')
    .option('--out <file>', 'where to (default: atrest.yaml); must not be there yet')
    .action(async (options: object) => {
      result.exitCode = await (await import('./commands/init.js')).initCommand(options, io);
    });

  program
    .command('doctor')
    .description('what stands in the way of a scan: credentials, clock, network, config, disk')
    .option('--config <file>', 'configuration (default: atrest.yaml if it is there)')
    .option('--sts-region <name>', 'the region whose STS endpoint is asked (default: the one of the environment or profile)')
    .option('--json', 'print the checks as JSON on stdout')
    .action(async (options: object) => {
      result.exitCode = await (await import('./commands/doctor.js')).doctorCommand(options, io);
    });
}

function addPush(program: Command, io: Io, result: { exitCode: number }): void {
  program
    .command('push <run>')
    .description('send the findings of a finished run into Security Hub, each from its own account')
    .option('--region <name>', 'only into these regions (repeatable)', list)
    .option('--role <name>', 'the role to push with (default: the one that the run scanned with)')
    .option('--config <file>', 'how accounts are entered (default: as the run did)')
    .option(...pluginOption)
    .option('--dry-run', 'read what is there, say what would be sent, and send nothing')
    .option('--json', 'print what became of each account and region as JSON on stdout')
    .action(async (run: string, options: object) => {
      result.exitCode = await (await import('./commands/push.js')).pushCommand(run, options, io);
    });
}

function addPolicy(program: Command, io: Io, result: { exitCode: number }): void {
  const policy = program
    .command('policy')
    .description('the role that a scan needs, with the least privilege: no call is made')
    .option('--config <file>', 'configuration (default: atrest.yaml if it is there)')
    .option('--format <name>', 'iam, cloudformation or terraform', 'iam')
    .option('--list-role', 'the role that lists the organisation and assumes the others')
    .option('--partition <name>', 'partition of the accounts, in ARNs of the list role (default: aws)')
    .option('--out <file>', 'where to (default: stdout)')
    .option(...pluginOption)
    .action(async (options: { format: string }) => {
      result.exitCode = await (await import('./commands/policy.js')).policyCommand(options, io);
    });
  choosing(policy);
}

/** What is scanned, and how fast. */
function scoping(command: Command): Command {
  return command
    .option('--config <file>', 'configuration (default: atrest.yaml if it is there)')
    .option('--account <id>', 'only these accounts (repeatable)', list)
    .option('--region <name>', 'only these regions (repeatable)', list)
    .option('--exclude-region <name>', 'not these regions (repeatable)', list)
    .option('--sts-region <name>', 'the region whose STS endpoint is asked (default: the one of the environment or profile)')
    .option('--service <name>', 'only these services: ec2, kms, rds, s3 (repeatable)', list)
    .option('--max-rps <n>', 'calls a second over all operations of an account', Number)
    .option('--workers <n>', 'processes that crawl (default: by cores and work)', Number)
    .option('--account-concurrency <n>', 'accounts that are read at the same time (default: all)', Number);
}

function addPlan(program: Command, io: Io, result: { exitCode: number }): Command {
  return program
    .command('plan')
    .description('what a scan would ask of AWS: calls, time, cost; --preflight: which permissions it lacks')
    .option('--from <run>', 'count the resources of this earlier run (default: list them now)')
    .option('--preflight', 'try one harmless call for each operation and say what is denied')
    .option('--all-regions', 'with --preflight: in every region of the scope, not just one')
    .addOption(new Option('--format <name>', 'text or json').default('text'))
    .option(...pluginOption)
    .option('--quiet', 'no progress')
    .action(async (options: { format: string }) => {
      result.exitCode = await (await import('./commands/plan.js')).planCommand(options, io);
    });
}

function addHistory(program: Command, io: Io, result: { exitCode: number }): void {
  program
    .command('history [target]')
    .description('the runs of a history and how their figures move; the target is a folder or s3://bucket/prefix')
    .option('--config <file>', 'configuration (default: atrest.yaml if it is there)')
    .addOption(new Option('--format <name>', 'text, json or html').choices(['text', 'json', 'html']).default('text'))
    .option('--add <run>', 'store this finished run first; goes on with an upload that was cut')
    .option(...langOption)
    .action(async (target: string | undefined, options: object) => {
      result.exitCode = await (await import('./commands/history.js')).historyCommand(target, options as never, io);
    });
}

function addImpact(program: Command, io: Io, result: { exitCode: number }): void {
  program
    .command('impact <key> <run>')
    .description('what depends on a key, who may use it, and what breaks without it')
    .addOption(new Option('--format <name>', 'text or json').default('text'))
    .option(...pluginOption)
    .action(async (key: string, run: string, options: { format: string }) => {
      result.exitCode = await (await import('./commands/impact.js')).impactCommand(key, run, options, io);
    });
}

function addWaivers(program: Command, io: Io, result: { exitCode: number }): void {
  const waivers = program.command('waivers').description('what is accepted, until when, and whether it is of use');
  const asking = (command: Command): Command =>
    command
      .option('--config <file>', 'the waivers of this configuration (default: those of the run; without a run atrest.yaml)')
      .addOption(new Option('--format <name>', 'text or json').default('text'))
      .option(...pluginOption);
  asking(waivers.command('check [run]'))
    .description('exit 1 when a waiver or an attestation has expired or, with a finished run, is not used')
    .action(async (run: string | undefined, options: { format: string }) => {
      result.exitCode = await (await import('./commands/waivers.js')).waiversCheckCommand(run, options, io);
    });
  asking(waivers.command('explain <finding> <run>'))
    .description('why a finding, named by its id, is or is not covered')
    .action(async (finding: string, run: string, options: { format: string }) => {
      result.exitCode = await (await import('./commands/waivers.js')).waiversExplainCommand(finding, run, options, io);
    });
}
