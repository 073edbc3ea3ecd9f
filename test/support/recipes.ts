import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));

/** A piece of shell as the service runs it. */
export interface ShellStep {
  readonly name: string;
  readonly shell: 'bash' | 'sh';
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** It runs although a step before it failed. */
  readonly always: boolean;
}

interface ActionStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

/** What stands in expressions of GitHub. */
export type Contexts = Readonly<Record<string, string>>;

/** Steps of the first job of a workflow, and those of our action in the place where it is used; what others made is left out. */
export async function githubSteps(file: string, contexts: Contexts): Promise<readonly ShellStep[]> {
  const workflow = (await read(file)) as { jobs: Record<string, { steps: readonly ActionStep[] }> };
  const [job] = Object.values(workflow.jobs);
  const steps: ShellStep[] = [];
  for (const step of job?.steps ?? []) {
    if (step.uses === './.github/actions/atrest') steps.push(...(await actionSteps(filled(step.with ?? {}, contexts))));
    else if (step.run !== undefined) steps.push(shellStep(step, contexts));
  }
  return steps;
}

async function actionSteps(given: Readonly<Record<string, string>>): Promise<readonly ShellStep[]> {
  const { inputs, runs } = (await read('github/action.yml')) as {
    inputs: Record<string, { default: string }>;
    runs: { steps: readonly ActionStep[] };
  };
  for (const name of Object.keys(given)) if (!(name in inputs)) throw new Error(`The action has no input ${name}`);
  const contexts = Object.fromEntries(
    Object.entries(inputs).map(([name, { default: value }]) => [`inputs.${name}`, given[name] ?? value]),
  );
  return runs.steps.filter(({ run }) => run !== undefined).map((step) => shellStep(step, contexts));
}

function shellStep({ name = 'step', run = '', env = {}, if: condition }: ActionStep, contexts: Contexts): ShellStep {
  // An expression within a script would be code made of whatever it stands for.
  if (run.includes('${{')) throw new Error(`${name} has an expression in its script`);
  return { name, shell: 'bash', script: run, env: filled(env, contexts), always: condition === 'always()' };
}

function filled(texts: Readonly<Record<string, string>>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (whole, path: string) => contexts[path] ?? `no value for ${whole}`),
    ]),
  );
}

/** The scripts of the job, before_script and script as one, as a runner joins them. */
export async function gitlabSteps(): Promise<readonly ShellStep[]> {
  const { 'encryption-gate': job } = (await read('gitlab/gitlab-ci.yml')) as {
    'encryption-gate': Record<'before_script' | 'script' | 'after_script', readonly string[]> & {
      variables: Record<string, string>;
    };
  };
  const step = (name: string, lines: readonly string[], always: boolean): ShellStep => ({
    ...{ name, shell: 'bash', script: lines.join('\n'), always },
    env: job.variables,
  });
  return [step('script', [...job.before_script, ...job.script], false), step('after_script', job.after_script, true)];
}

export async function jenkinsSteps(): Promise<readonly ShellStep[]> {
  const text = await readFile(`${deploy}jenkins/Jenkinsfile`, 'utf8');
  return [...text.matchAll(/stage\('(\w+)'\)[^']*sh '''\n([^\\]*?)'''/g)].map(([, name = '', script = '']) => ({
    ...{ name, shell: 'sh', script, env: {}, always: false },
  }));
}

export async function codebuildSteps(): Promise<readonly ShellStep[]> {
  const { phases } = (await read('codebuild/buildspec.yml')) as { phases: Record<string, { commands: readonly string[] }> };
  return Object.entries(phases).map(([name, { commands }]) => ({
    ...{ name, shell: 'sh', script: commands.join('\n'), env: {}, always: false },
  }));
}

async function read(file: string): Promise<unknown> {
  return parse(await readFile(`${deploy}${file}`, 'utf8'));
}
