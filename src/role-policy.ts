import { join, parse } from 'node:path';
import { Readable } from 'node:stream';
import { followUpFacets } from '#collect/asked.js';
import { assignableBaselines } from '#config/baselines.js';
import type { Config } from '#config/schema.js';
import { writePieces } from '#inventory/lines.js';
import { reasonOf } from '#inventory/run-folder.js';
import type { Catalogue } from '#model/framework.js';
import { AtrestError } from '#model/errors.js';
import type { Waivers } from '#model/waiver.js';
import { askedOperations } from '#plan/asked-operations.js';
import { auditPolicy, dataActions, listPolicy, type RoleSpec } from '#plan/iam-policy.js';
import { organizationActions, regionActions } from '#scope/actions.js';
import { configuredRules, judgementOf, type Judgement } from './judgement.js';
import { askedOfRun } from './run-plan.js';

/** Which scans the role is for. */
export interface RoleRequest {
  readonly catalogue: Catalogue;
  readonly config: Config;
  /** Empty: those that the config may give to an account. */
  readonly baselines: readonly string[];
  /** `--rules`; empty: what the baselines turn on. */
  readonly ruleGlobs: readonly string[];
  readonly waivers?: Waivers | undefined;
}

const defaultRole = 'AtrestAudit';

/** The role that reads an account, and which of its actions are access to data. */
export function auditRole(request: RoleRequest): { readonly role: RoleSpec; readonly data: readonly string[] } {
  const { config } = request;
  const actions = [...actionsOf(judgementFor(request)), ...regionActions];
  const role = {
    name: nameOf(memberRole(config)),
    description: 'Lets atrest read how encryption at rest is set up',
    externalId: config.scope?.organization?.externalId ?? config.scope?.externalId ?? '',
    documents: auditPolicy(actions),
  };
  return { role, data: dataActions(actions) };
}

/** The role from which atrest lists the organisation and enters the accounts of the config. */
export function listRole(config: Config, partition: string): RoleSpec {
  const { scope } = config;
  const usual = memberRole(config);
  const named = (scope?.accounts ?? []).map((account) =>
    typeof account === 'string' ? roleArn(account, usual) : roleArn(account.id, account.role ?? usual),
  );
  const roles = named.length > 0 ? named : [roleArn('*', usual)];
  return {
    name: 'AtrestList',
    description: 'Lets atrest list the accounts of the organisation and assume the role that audits them',
    externalId: '',
    documents: listPolicy(organizationActions, { roles: [...new Set(roles)].sort(), anyAccount: named.length === 0 }),
  };

  function roleArn(account: string, role: string): string {
    return role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`;
  }
}

/** The role in every account. */
function memberRole({ scope }: Config): string {
  return scope?.organization?.role ?? scope?.role ?? defaultRole;
}

/** A role may be named by its ARN, or with a path. */
function nameOf(role: string): string {
  return role.slice(role.lastIndexOf('/') + 1);
}

/** As if each baseline were the one of an account. */
function judgementFor({ catalogue, config, baselines, ruleGlobs, waivers }: RoleRequest): Judgement {
  const names = baselines.length > 0 ? baselines : assignableBaselines(config.assign);
  const accounts = names.map((name) => ({ id: name, path: null, baseline: name }));
  return judgementOf(catalogue, { accounts, ruleGlobs, frameworks: [], config, waivers });
}

function actionsOf(judgement: Judgement): readonly string[] {
  const { registry } = judgement;
  const followUps = followUpFacets(configuredRules(judgement), registry.kinds);
  return askedOperations(askedOfRun(judgement), followUps, registry).map(({ action }) => action);
}

/** Writes the texts of a role: the first to the path, further ones beside it. Answers their paths. */
export async function writeRole(path: string, texts: readonly string[]): Promise<readonly string[]> {
  const files = texts.map((text, index) => ({ text, file: index === 0 ? path : numbered(path, index + 1) }));
  for (const { file, text } of files) {
    try {
      await writePieces(file, Readable.from([text]));
    } catch (cause) {
      throw new AtrestError('output', `Cannot write ${file}: ${reasonOf(cause)}`, { cause });
    }
  }
  return files.map(({ file }) => file);
}

/** policy.json, policy-2.json, … */
function numbered(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${String(number)}${ext}`);
}
