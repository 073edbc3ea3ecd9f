import { misfits } from '#gate/conditions.js';
import { unknownTags } from '#gate/waiving.js';
import { matchesGlob } from '#model/glob.js';
import type { CoverageRow, StatementRow } from '#model/report.js';
import type { Conditions } from '#model/waiver.js';
import type { Judgement } from './judgement.js';
import type { OpenRun } from './open-run.js';

/**
 * Says of what means nothing of a run whether it is of no use: only if all that it could mean was judged. It was not
 * where something could not be read, where its account or region is not of the run, or where no account has its rule on.
 */
export function useIn(
  { run, judgement }: OpenRun,
  coverage: readonly CoverageRow[],
): (wanted: Conditions) => Exclude<StatementRow['use'], 'used'> {
  const gaps = coverage.filter(({ state }) => state !== 'complete' && state !== 'skipped');
  return (wanted) => {
    const named = namedBy(wanted.resource);
    const accounts = run.accounts.filter(
      ({ id, state }) => state !== 'skipped' && concerns(wanted, id, judgement) && (named.account ?? id) === id,
    );
    const rules = judgement.rules.filter(({ id }) => matchesGlob(wanted.rule, id));
    const judged = run.cells.some(
      ({ account, region, asked }) =>
        accounts.some(({ id }) => id === account) &&
        rules.some(
          ({ id, kinds }) => judgement.baselines.get(account)?.rules.has(id) === true && kinds.some((kind) => kind in asked),
        ) &&
        isIn(region, wanted.regions, named.region),
    );
    const open = gaps.some(({ account }) => accounts.some(({ id }) => id === account));
    return judged && !open ? 'unused' : 'not-evaluated';
  };
}

/** Whether its conditions on accounts hold for an account. */
function concerns(wanted: Conditions, account: string, { paths }: Judgement): boolean {
  const finding = { rule: wanted.rule, account, region: '', resource: '' };
  const not = misfits(wanted, { finding, paths: paths.get(account) ?? [], tags: unknownTags });
  return !not.includes('accounts') && !not.includes('path');
}

/** Buckets of every region are in a cell of none. */
function isIn(region: string, globs: readonly string[] | undefined, named: string | undefined): boolean {
  if (region === 'global') return true;
  return (globs?.some((glob) => matchesGlob(glob, region)) ?? true) && (named ?? region) === region;
}

/** The region and account that the glob of an ARN names outright: whole parts before the first star. */
function namedBy(resource = ''): { readonly region: string | undefined; readonly account: string | undefined } {
  const whole = (resource.split(/[*?]/)[0] ?? '').split(':').slice(0, -1);
  return { region: whole[3] || undefined, account: whole[4] || undefined };
}
