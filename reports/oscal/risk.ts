import type { Finding, ReportHeader, RuleRow } from '#model/report.js';
import { waiverText } from '../notes.js';
import type { Ids } from './ids.js';
import { endOfDay, line, listed, props, time } from './text.js';

/** A fail is a risk; an unknown is one where somebody accepted it as it is, or attests that it fails. */
export function isRisk({ verdict, waiver, attestation }: Finding): boolean {
  if (verdict === 'fail') return true;
  if (verdict !== 'unknown') return false;
  return waiver?.state === 'valid' || (attestation?.state === 'valid' && attestation.result === 'fail');
}

/** A risk as it stands: open, or a deviation that a valid waiver approves. */
export function risk(
  finding: Finding,
  { title, why }: Pick<RuleRow, 'title' | 'why'>,
  uuids: { readonly risk: string; readonly observations: readonly string[] },
  ids: Ids,
  { run }: ReportHeader,
): object {
  const { id, rule, severity, verdict, message, waiver, remediation } = finding;
  const approved = waiver?.state === 'valid';
  const status = approved ? 'deviation-approved' : 'open';
  const until = approved ? endOfDay(waiver.expires) : undefined;
  return {
    uuid: uuids.risk,
    title: line(title),
    description: line(message),
    statement: line(why === '' ? title : why),
    ...props({
      ...{ rule, severity, verdict, 'finding-id': id },
      ...(waiver !== null && { waiver: waiver.state, 'waiver-source': waiver.source, 'waiver-owner': waiver.owner }),
      ...(waiver !== null && { 'waiver-ticket': waiver.ticket, 'waiver-approved-by': waiver.approvedBy }),
    }),
    status,
    ...(until !== undefined && { deadline: until }),
    ...listed(
      'remediations',
      remediation === null
        ? []
        : [
            {
              uuid: ids.other('remediation', id),
              lifecycle: 'recommendation',
              title: 'What to do',
              description: line(remediation.text),
            },
          ],
    ),
    ...(waiver !== null && {
      'risk-log': {
        entries: [
          {
            uuid: ids.other('waiver', id),
            title: approved ? 'Waived' : 'No longer waived',
            description: line(waiverText(waiver)),
            start: time(run.finishedAt),
            'status-change': status,
          },
        ],
      },
    }),
    'related-observations': uuids.observations.map((uuid) => ({ 'observation-uuid': uuid })),
  };
}
