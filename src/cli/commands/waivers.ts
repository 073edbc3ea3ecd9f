import { checkWaivers, explainWaivers, type StatementRow, type WaiverExplanation, type Waivers } from '#index.js';
import { configuredBy, type Configured } from '../configured.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf, unknownWord } from '../options.js';
import { waiverWarnings } from '../waiver-text.js';

interface WaiverFlags {
  readonly config?: string;
  readonly plugin?: readonly string[];
  readonly format: string;
}

/** 1 when something has expired or is not used, else 0. */
export async function waiversCheckCommand(run: string | undefined, flags: WaiverFlags, io: Io): Promise<number> {
  checkFormat(flags);
  const asked = await askedBy(flags, io, run === undefined);
  const rows = await checkWaivers({ ...asked, run });
  io.out(flags.format === 'json' ? `${JSON.stringify(rows, null, 2)}\n` : tableText(rows, run !== undefined));
  io.err(
    waiverWarnings(rows)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return rows.some(({ state, use }) => state === 'expired' || use === 'unused') ? 1 : 0;
}

export async function waiversExplainCommand(finding: string, run: string, flags: WaiverFlags, io: Io): Promise<number> {
  checkFormat(flags);
  const explained = await explainWaivers({ ...(await askedBy(flags, io, false)), run, finding });
  io.out(flags.format === 'json' ? `${JSON.stringify(explained, null, 2)}\n` : explanationText(explained));
  return 0;
}

function checkFormat({ format }: WaiverFlags): void {
  if (format !== 'text' && format !== 'json') unknownWord('format', format, ['text', 'json']);
}

/** The waivers of a config where one is named or has to be; undefined stands for those of the run. */
async function askedBy(
  { format: _, ...flags }: WaiverFlags,
  io: Io,
  fromConfig: boolean,
): Promise<Pick<Configured, 'catalogue'> & { readonly waivers: Waivers | undefined; readonly now: Date }> {
  const now = clockOf(io) ?? new Date();
  if (flags.config === undefined && !fromConfig) return { catalogue: await catalogueOf(flags), waivers: undefined, now };
  const { catalogue, waivers } = await configuredBy(flags, io);
  return { catalogue, waivers: waivers ?? { waivers: [], attestations: [] }, now };
}

function tableText(rows: readonly StatementRow[], judged: boolean): string {
  if (rows.length === 0) return 'There are no waivers and no attestations.\n';
  const lines = rows.map(({ type, source, rule, expires, state, use, matches }) => {
    const used = use === 'used' ? `means ${String(matches)}` : use === 'unused' ? 'not used' : 'not judged in this run';
    const end = expires === null ? 'without end' : `${state === 'expired' ? 'ended' : 'to'} ${expires}`;
    return `${source}  ${type}  ${rule}  ${state}, ${end}${judged ? `  ${used}` : ''}\n`;
  });
  return lines.join('');
}

function explanationText({ finding, statements }: WaiverExplanation): string {
  const { rule, verdict, severity, resource } = finding;
  const lines = [`${rule}: ${verdict}, ${severity}`, `  ${resource}`];
  if (statements.length === 0) lines.push('No waiver and no attestation names the rule.');
  for (const { type, source, reason, expires, expired, misfits } of statements) {
    const end = expires === null ? 'without end' : `${expired ? 'ended on' : 'to'} ${expires}`;
    lines.push(`${type} ${source} (${end})${reason === null ? '' : `: ${reason}`}`);
    if (misfits.length === 0)
      lines.push(expired ? '  would mean it, but has expired' : type === 'waiver' ? '  covers it' : '  decides it');
    for (const { condition, wanted, found } of misfits)
      lines.push(`  ${condition} does not fit: wanted ${wanted}, found ${found}`);
  }
  return `${lines.join('\n')}\n`;
}
