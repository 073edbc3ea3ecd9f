import { findingId } from '#model/finding.js';
import type { Finding } from '#model/report.js';
import { severityRank } from '#model/severity.js';
import type { PlaceOf } from '../repository-place.js';
import { counted } from '../html/text.js';
import { limits } from './limits.js';
import { message } from './message.js';
import { judgement, location, suppressionsOf, type Result } from './results.js';
import type { BaselineState, Subject } from './subjects.js';

/** Findings that one result stands for: alike in rule, in place and in how they are shown. */
interface Group {
  readonly state: 'fail' | 'unknown' | 'suppressed' | 'absent';
  readonly count: number;
  /** The worst of them. */
  readonly subject: Subject;
  readonly baselineState: BaselineState | undefined;
}

const words: Readonly<Record<Group['state'], readonly [one: string, many: string]>> = {
  fail: ['resource fails', 'resources fail'],
  unknown: ['resource could not be judged', 'resources could not be judged'],
  suppressed: ['resource is waived or attested', 'resources are waived or attested'],
  absent: ['resource failed before and does no more', 'resources failed before and do no more'],
};

type Facet = 'rule' | 'account' | 'region';

/** From the finest to the coarsest: the first that leaves no more results than GitHub keeps is taken. */
const granularities: readonly (readonly Facet[])[] = [['rule', 'account', 'region'], ['rule', 'account'], ['rule']];

/** Counts the findings of a run that holds too many of them to be shown one by one. */
export class Aggregate {
  #groups = new Map<string, Group>();
  #granularity = 0;

  add(subject: Subject): void {
    const state = stateOf(subject);
    this.#put({ state, count: 1, subject, baselineState: subject.baselineState });
    while (this.#groups.size > limits.results && this.#granularity < granularities.length - 1) this.#coarsen();
  }

  /** What each of its results stands for, in words. */
  get per(): string {
    return this.#facets.join(', ').replace(/, (?=\w+$)/, ' and ');
  }

  get #facets(): readonly Facet[] {
    return granularities[this.#granularity] ?? [];
  }

  *results(placeOf: PlaceOf): Generator<Result> {
    for (const group of this.#groups.values()) yield this.#resultOf(group, placeOf);
  }

  #put(group: Group): void {
    const { finding } = group.subject;
    const key = JSON.stringify([group.state, ...this.#facets.map((facet) => finding[facet])]);
    const there = this.#groups.get(key);
    this.#groups.set(key, there === undefined ? group : joined(there, group));
  }

  #coarsen(): void {
    const groups = [...this.#groups.values()];
    this.#granularity += 1;
    this.#groups = new Map();
    for (const group of groups) this.#put(group);
  }

  #resultOf({ state, count, subject, baselineState }: Group, placeOf: PlaceOf): Result {
    const { finding, notEvaluated } = subject;
    const { rule, severity } = finding;
    const [account, region] = (['account', 'region'] as const).map((facet) =>
      this.#facets.includes(facet) ? finding[facet] : '*',
    );
    const where = [account === '*' ? '' : ` in account ${account ?? ''}`, region === '*' ? '' : `, ${region ?? ''}`].join('');
    const [one, many] = words[state];
    const resource = `${state}/*`;
    return {
      ruleId: rule,
      ...judgement(finding, notEvaluated),
      message: message(
        `${counted(count, one, many)}${where}. report.json names all of them. One of the worst: ${finding.message}\nResource: ${finding.resource}`,
      ),
      locations: [
        location(placeOf({ account: account ?? '*', region: region ?? '*', resource: rule }), [
          {
            name: `${rule} in ${account ?? '*'}/${region ?? '*'}`,
            fullyQualifiedName: `${account ?? '*'}/${region ?? '*'}/${rule}`,
            kind: 'resource',
          },
        ]),
      ],
      partialFingerprints: { primaryLocationLineHash: findingId(rule, resource, account ?? '*', region ?? '*') },
      ...(baselineState === undefined ? {} : { baselineState }),
      suppressions: state === 'suppressed' ? suppressionsOf(finding) : [],
      occurrenceCount: count,
      properties: { severity, account, region, aggregated: count },
    };
  }
}

function stateOf({ finding, baselineState }: Subject): Group['state'] {
  if (baselineState === 'absent') return 'absent';
  if (suppressionsOf(finding).length > 0) return 'suppressed';
  return finding.verdict === 'fail' ? 'fail' : 'unknown';
}

function joined(a: Group, b: Group): Group {
  return {
    state: a.state,
    count: a.count + b.count,
    subject: isWorse(b.subject.finding, a.subject.finding) ? b.subject : a.subject,
    baselineState: a.baselineState === b.baselineState ? a.baselineState : 'updated',
  };
}

function isWorse(a: Finding, b: Finding): boolean {
  return severityRank(a.severity) < severityRank(b.severity);
}
