import { AtrestError, auditRole, listRole, policiesPerRole, policyFormats, renderRole, writeRole } from '#index.js';
import { configuredBy } from '../configured.js';
import type { Io } from '../io.js';
import { ruleGlobsOf, unknownWord, type SharedFlags } from '../options.js';

interface PolicyFlags extends Omit<SharedFlags, 'format'> {
  readonly config?: string;
  readonly format: string;
  readonly listRole?: boolean;
  readonly partition?: string;
  readonly out?: string;
}

export async function policyCommand({ format: name, ...flags }: PolicyFlags, io: Io): Promise<number> {
  const format = policyFormats.find((each) => each === name) ?? unknownWord('format', name, policyFormats);
  if (flags.partition !== undefined && !/^aws(-[a-z]+)*$/.test(flags.partition))
    throw new AtrestError('usage', `${flags.partition} is not a partition`, {
      hint: 'Known are aws, aws-cn, aws-us-gov and others.',
    });
  const { config, catalogue, waivers } = await configuredBy(flags, io);
  const baselines = flags.baseline === undefined ? [] : [flags.baseline];
  const ruleGlobs = ruleGlobsOf(flags, catalogue);
  const { role, data } =
    flags.listRole === true
      ? { role: listRole(config, flags.partition ?? config.scope?.partition ?? 'aws'), data: [] }
      : auditRole({ catalogue, config, baselines, ruleGlobs, waivers });
  if (data.length > 0)
    io.err(`The rules ask for ${data.join(', ')}: the policy allows it in the account of the role, and does not deny it.\n`);
  if (role.documents.length > policiesPerRole)
    io.err(
      `A role takes ${String(policiesPerRole)} managed policies, and these are ${String(role.documents.length)}: raise its quota.\n`,
    );
  const texts = renderRole(role, format);
  const [only = '', ...others] = texts;
  if (others.length > 0) io.err(`The policy is too long for one document: attach all ${String(texts.length)} to the role.\n`);
  if (flags.out !== undefined) for (const file of await writeRole(flags.out, texts)) io.err(`${file}\n`);
  // Documents one after the other would be no JSON.
  else io.out(others.length === 0 ? only : `[\n${texts.join(',\n')}]\n`);
  return 0;
}
