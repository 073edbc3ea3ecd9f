import type { FrameworkRow, ReportHeader } from '#model/report.js';

/** The frameworks of a run; where none was asked for, the rules themselves, each as a control. */
export function frameworksOf(header: ReportHeader): readonly FrameworkRow[] {
  return header.frameworks.length > 0 ? header.frameworks : [rulesAsFramework(header)];
}

function rulesAsFramework({ rules, summary, run, tool }: ReportHeader): FrameworkRow {
  return {
    id: 'rules',
    title: 'Rules of atrest',
    version: tool.version,
    complete: run.complete,
    controls: rules.map(({ id, title, offIn }) => {
      const counts = Object.hasOwn(summary.byRule, id) ? summary.byRule[id] : undefined;
      const { pass = 0, fail = 0, unknown = 0, error = 0, waived, attested } = counts ?? {};
      const partly = offIn.length > 0 || error > 0;
      return {
        ...{ id, title, rules: [id], off: [], offIn: offIn.length > 0 ? { [id]: offIn } : {}, notCovered: [] },
        ...{ covered: counts === undefined ? 'none' : partly ? 'part' : 'full', pass, fail, unknown, error },
        ...(waived !== undefined && { waived }),
        ...(attested !== undefined && { attested }),
      };
    }),
  };
}
