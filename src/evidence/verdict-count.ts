import { linesOf } from '#inventory/lines.js';
import type { ReportHeader } from '#model/report.js';
import { IdSet } from './id-set.js';

/** More than any line of a findings file: a line without an end is none. */
const lineMax = 1 << 26;

const plainFinding = /^\{"id":"([0-9a-f]+)","rule":"([^"\\]+)","verdict":"(fail|unknown)","severity":"([a-z]+)"/;

interface Line {
  readonly id?: string;
  readonly rule?: string;
  readonly verdict?: string;
  readonly severity?: string;
  readonly waiver?: { readonly state?: string } | null;
  readonly pass?: readonly string[];
  readonly resources?: readonly string[];
}

interface Counts {
  pass: number;
  fail: number;
  unknown: number;
  error: number;
  waived: number;
}

/** Counts the verdicts of a findings file, to hold them against a summary. */
export class VerdictCount {
  readonly #byRule = new Map<string, Counts>();
  readonly #bySeverity = new Map<string, Counts>();
  readonly #ids = new IdSet();
  readonly #rules = new Map<string, readonly string[]>();
  #repeated: string | undefined;

  async read(text: AsyncIterable<Buffer>): Promise<void> {
    for await (const lines of linesOf(text, lineMax))
      for (const line of lines) if (!this.#addPasses(line) && !this.#addFinding(line)) this.#add(JSON.parse(line) as Line);
  }

  /** Most lines are of passes and say the same rules: their resources are counted without being read. False: no such line. */
  #addPasses(line: string): boolean {
    const rulesEnd = line.indexOf(']') + 1;
    const from = line.indexOf('"resources":["');
    if (!line.startsWith('{"pass":["') || from === -1 || !line.endsWith('"]}')) return false;
    const text = line.slice('{"pass":'.length, rulesEnd);
    let rules = this.#rules.get(text);
    if (rules === undefined) this.#rules.set(text, (rules = JSON.parse(text) as readonly string[]));
    // Within a text a quotation mark is escaped, so that this stands between two of them only.
    let resources = 1;
    for (let at = line.indexOf('","', from); at !== -1; at = line.indexOf('","', at + 1)) resources += 1;
    for (const rule of rules) countsOf(this.#byRule, rule).pass += resources;
    return true;
  }

  /** A finding without a waiver, as atrest writes it: its beginning says all that is counted. False: another line. */
  #addFinding(line: string): boolean {
    const [, id, rule, verdict, severity] = plainFinding.exec(line) ?? [];
    if (id === undefined || !line.includes('"waiver":null') || !line.endsWith('}')) return false;
    this.#add({ id, rule: rule ?? '', verdict: verdict ?? '', severity: severity ?? '' });
    return true;
  }

  #add({ id, rule = '', verdict, severity = '', waiver, pass, resources = [] }: Line): void {
    for (const passed of pass ?? []) countsOf(this.#byRule, passed).pass += resources.length;
    if (pass !== undefined) return;
    if (id !== undefined && !this.#ids.add(id)) this.#repeated = id;
    const kind = verdict === 'fail' && waiver?.state === 'valid' ? 'waived' : verdict;
    if (kind !== 'fail' && kind !== 'waived' && kind !== 'unknown' && kind !== 'error')
      throw new Error(`a line has the verdict ${String(verdict)}`);
    countsOf(this.#byRule, rule)[kind] += 1;
    if (kind !== 'error') countsOf(this.#bySeverity, severity)[kind] += 1;
  }

  /** Where the figures of a summary are others. */
  *differences(summary: ReportHeader['summary']): Generator<string> {
    if (this.#repeated !== undefined) yield `the finding ${this.#repeated} is there twice`;
    for (const rule of new Set([...this.#byRule.keys(), ...Object.keys(summary.byRule)])) {
      const is = countsOf(this.#byRule, rule);
      const said = { ...none(), ...summary.byRule[rule] };
      for (const verdict of ['pass', 'fail', 'unknown', 'error', 'waived'] as const)
        if (is[verdict] !== said[verdict]) yield `${rule}: ${verdict} ${is[verdict]} times, and ${said[verdict]} by the summary`;
    }
    for (const [severity, said] of Object.entries(summary.bySeverity)) {
      const is = countsOf(this.#bySeverity, severity);
      for (const verdict of ['fail', 'unknown', 'waived'] as const)
        if (is[verdict] !== said[verdict])
          yield `severity ${severity}: ${verdict} ${is[verdict]} times, and ${said[verdict]} by the summary`;
    }
  }
}

function none(): Counts {
  return { pass: 0, fail: 0, unknown: 0, error: 0, waived: 0 };
}

function countsOf(of: Map<string, Counts>, name: string): Counts {
  const found = of.get(name) ?? none();
  of.set(name, found);
  return found;
}
