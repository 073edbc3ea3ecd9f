import type { Finding, FrameworkRow, ReportHeader, ReportSource } from '#model/report.js';
import { accountsNotEntered } from '../control-outcome.js';
import { gapText, isGap } from '../gaps.js';
import { rulesOf } from '../rules.js';
import { controlFinding } from './control-finding.js';
import { namedControls, type NamedControl } from './controls.js';
import { idsOf, type Ids } from './ids.js';
import { attestationObservation, inventoryItem, observation, ruleObservation } from './observation.js';
import { References } from './references.js';
import { isRisk, risk } from './risk.js';
import { line, listed, props, time } from './text.js';

/** What the parts of a result are made from. */
interface Parts {
  readonly header: ReportHeader;
  readonly framework: FrameworkRow;
  readonly ids: Ids;
  /** Those that a rule of the run looked at. */
  readonly controls: readonly NamedControl[];
  readonly observations: References;
  readonly risks: References;
  /** Findings that bear on the framework, read anew each time. */
  findings(): AsyncIterable<Finding>;
}

/**
 * The result of a framework. The findings are read once for each list: resources, observations, risks. What is kept of
 * them are the ids that the findings on controls refer to.
 */
export async function* resultPieces({ header, findings }: ReportSource, framework: FrameworkRow): AsyncGenerator<string> {
  const ids = idsOf(header, framework);
  const all = namedControls(framework);
  const controls = all.filter(({ row }) => row.covered !== 'none');
  const bearing = new Set(controls.flatMap(({ row }) => row.rules));
  const parts: Parts = {
    ...{ header, framework, ids, controls },
    observations: new References('observation-uuid'),
    risks: new References('risk-uuid'),
    async *findings() {
      for await (const finding of findings())
        if (bearing.has(finding.rule) && finding.verdict !== 'not-applicable') yield finding;
    },
  };
  yield `{${membersOf(headOf(parts))},\n"local-definitions":{${membersOf(localDefinitions(parts))}`;
  yield* list('inventory-items', inventory(parts));
  yield `},\n"reviewed-controls":${JSON.stringify(reviewed(all))}`;
  yield* list('observations', observations(parts, bearing));
  yield* list('risks', risks(parts));
  yield* controlFindings(parts);
  yield '}';
}

/** The members of an object, without the braces around them. */
function membersOf(object: object): string {
  return JSON.stringify(object).slice(1, -1);
}

/** A member that is a list, an item on a line; left out when there is none. */
async function* list(name: string, items: AsyncIterable<object>): AsyncGenerator<string> {
  let empty = true;
  for await (const item of items) {
    yield `${empty ? `,\n"${name}":[` : ','}\n${JSON.stringify(item)}`;
    empty = false;
  }
  if (!empty) yield '\n]';
}

function headOf({ header, framework, ids, controls }: Parts): object {
  const { run } = header;
  const { id, title, version, complete } = framework;
  const notLookedAt = framework.controls.length - controls.length;
  return {
    uuid: ids.other('result'),
    title: line(`${title} ${version}`),
    description: line(
      `What atrest found about ${String(controls.length)} of ${String(framework.controls.length)} controls, as far as they ask for encryption at rest. ` +
        `No rule looked at the other ${String(notLookedAt)}. ${complete ? 'The run is complete.' : 'The run is not complete: what was not read is unknown, and no control that it bears on is satisfied.'}`,
    ),
    start: time(run.startedAt) ?? time(run.finishedAt),
    end: time(run.finishedAt),
    ...props({ framework: id, 'framework-version': version, run: run.id, complete: complete ? 'yes' : 'no' }),
  };
}

/** What assessed, and the accounts that were assessed. */
function localDefinitions({ header, ids }: Parts): object {
  const { tool, scope } = header;
  const accounts = scope.accounts.map(({ id, name, state, reason }) => ({
    uuid: ids.account(id),
    type: 'system',
    title: line(`AWS account ${id}`),
    description: line(name === null ? `AWS account ${id}` : `AWS account ${id}, ${name}`),
    ...props({ 'account-id': id, state }),
    status: { state: 'operational', ...(state !== 'scanned' && { remarks: line(`It was not scanned: ${reason ?? state}`) }) },
  }));
  const software = {
    uuid: ids.tool,
    type: 'software',
    title: line(tool.name),
    description: 'Reads what AWS says of encryption at rest and judges it by rules.',
    ...props({ version: tool.version }),
    status: { state: 'operational' },
  };
  const platform = { uuid: ids.platform, 'uses-components': [{ 'component-uuid': ids.tool }] };
  return {
    'assessment-assets': { components: [software], 'assessment-platforms': [platform] },
    ...listed('components', accounts),
  };
}

/** The findings of a resource follow one another. */
async function* inventory({ findings, ids }: Parts): AsyncGenerator<object> {
  let last = '';
  for await (const finding of findings()) {
    const { account, region, resource } = finding;
    const place = `${account} ${region} ${resource}`;
    if (place === last) continue;
    last = place;
    const item = inventoryItem(finding, ids);
    if (item !== undefined) yield item;
  }
}

function reviewed(controls: readonly NamedControl[]): object {
  const idsWhere = (is: (control: NamedControl) => boolean) =>
    [...new Set(controls.filter(is).map(({ controlId }) => controlId))].map((id) => ({ 'control-id': id }));
  const included = idsWhere(({ row }) => row.covered !== 'none');
  const named = new Set(included.map((each) => each['control-id']));
  const excluded = idsWhere(({ row }) => row.covered === 'none').filter((each) => !named.has(each['control-id']));
  return {
    'control-selections': [
      {
        description:
          included.length === 0 ? 'No rule of the run looked at any control.' : 'Controls that a rule of the run looked at.',
        // A selection has to include something: where that is all left out again, nothing is selected.
        ...(controls.length === 0 ? { 'include-all': {} } : { 'include-controls': included.length > 0 ? included : excluded }),
        ...listed('exclude-controls', excluded),
      },
    ],
  };
}

/** What each rule said over all, what was seen of each resource, what somebody attests, and what could not be read. */
async function* observations(parts: Parts, bearing: ReadonlySet<string>): AsyncGenerator<object> {
  const { header, ids, findings, observations: references } = parts;
  const ruleOf = rulesOf(header);
  const titles = new Map(header.rules.map(({ id, title }) => [id, title]));
  for (const id of bearing) {
    const uuid = ids.other('rule', id);
    references.add(id, uuid);
    yield ruleObservation({ id, title: titles.get(id) ?? id }, uuid, ids, header);
  }
  for await (const finding of findings()) {
    const uuid = ids.observation(finding);
    references.add(finding.rule, uuid);
    yield observation(finding, ruleOf(finding).title, uuid, ids, header);
    if (finding.attestation === null) continue;
    const attested = ids.attestation(finding);
    references.add(finding.rule, attested);
    yield attestationObservation(finding, finding.attestation, attested, ids, header);
  }
  for (const row of header.coverage.filter(isGap)) {
    const { account, region, service, state } = row;
    yield {
      uuid: ids.other('gap', account, region, service),
      title: line(`Not read: ${service} in account ${account}, ${region}`),
      description: line(gapText(row)),
      ...props({ coverage: state, 'account-id': account, region, service }),
      methods: ['TEST'],
      collected: time(header.run.finishedAt),
    };
  }
}

async function* risks({ header, ids, findings, risks: references }: Parts): AsyncGenerator<object> {
  const ruleOf = rulesOf(header);
  for await (const finding of findings()) {
    if (!isRisk(finding)) continue;
    const uuid = ids.risk(finding);
    references.add(finding.rule, uuid);
    const seen = [ids.observation(finding), ...(finding.attestation === null ? [] : [ids.attestation(finding)])];
    yield risk(finding, ruleOf(finding), { risk: uuid, observations: seen }, ids, header);
  }
}

/** A finding for each control, in pieces: it refers to all that its rules saw. */
function* controlFindings({ header, controls, framework, ids, observations, risks }: Parts): Generator<string> {
  const extent = { complete: framework.complete, notEntered: accountsNotEntered(header) };
  for (const [index, control] of controls.entries()) {
    yield `${index === 0 ? ',\n"findings":[' : ','}\n{${membersOf(controlFinding(control, extent, ids))}`;
    yield* referenceList('related-observations', observations.of(control.row.rules));
    yield* referenceList('related-risks', risks.of(control.row.rules));
    yield '}';
  }
  if (controls.length > 0) yield '\n]';
}

function* referenceList(name: string, pieces: Iterable<string>): Generator<string> {
  let empty = true;
  for (const piece of pieces) {
    yield empty ? `,"${name}":[${piece}` : `,${piece}`;
    empty = false;
  }
  if (!empty) yield ']';
}
