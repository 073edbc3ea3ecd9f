import type { Missing } from '#model/attempt.js';
import { findingId } from '#model/finding.js';
import type { Place } from '#model/place.js';
import type { Finding } from '#model/report.js';
import type { Identity, Kind } from '#model/resources/index.js';
import type { Remediation, Rule } from '#model/rule.js';
import type { Severity } from '#model/severity.js';
import { messageText, missingText, type Verdict } from '#model/verdict.js';
import type { Resource } from './resource.js';

/** Who asked for a verdict: a baseline by name, with the severity that it fixes, if any. */
export interface Asked {
  readonly baseline: string;
  readonly severity: Severity | null;
}

/** A verdict as the report shows it. */
export function findingOf(rule: Rule, verdict: Verdict, resource: Resource, asked: Asked): Finding {
  const key = verdict.verdict === 'not-applicable' ? null : resource.key();
  const remediation = verdict.verdict === 'fail' ? rule.remediation(resource.identity, resource.view) : null;
  return finding(rule, verdict, resource.identity, asked, key, remediation);
}

/** The one unknown that a rule has of a kind whose listing could not be read to its end. */
export function listUnknown(rule: Rule, kind: Kind, service: string, place: Place, missing: Missing, asked: Asked): Finding {
  const { partition, account, region } = place;
  const arn = `arn:${partition}:${service}:${region}:${account}:${kind}/*`;
  const identity = { partition, account, region, kind, arn, name: `${kind}/*` };
  return finding(rule, { verdict: 'unknown', missing: [missing] }, identity, asked, null, null);
}

type KeyOfResource = ReturnType<Resource['key']>;

/** Written out in one piece: a scan of an untended estate makes hundreds of thousands. */
function finding(
  rule: Rule,
  verdict: Verdict,
  { account, region, kind, arn, name }: Identity,
  { baseline, severity }: Asked,
  key: KeyOfResource,
  remediation: Remediation | null,
): Finding {
  const decided = verdict.verdict === 'pass' || verdict.verdict === 'fail' ? verdict : null;
  return {
    id: findingId(rule.id, arn, account, region),
    rule: rule.id,
    verdict: verdict.verdict,
    severity: severity ?? (verdict.verdict === 'fail' ? verdict.severity : null) ?? rule.severity,
    baseline,
    account,
    region,
    kind,
    resource: arn,
    name,
    message: messageOf(rule, verdict),
    expected: decided?.expected ?? null,
    actual: decided?.actual ?? null,
    evidence: decided?.evidence ?? {},
    key: key === null ? null : { arn: key.arn, level: key.level.is === 'level' ? key.level.level : null },
    waiver: null,
    attestation: null,
    missing: verdict.verdict === 'unknown' ? [...verdict.missing] : null,
    remediation,
  };
}

function messageOf(rule: Rule, verdict: Verdict): string {
  switch (verdict.verdict) {
    case 'pass':
    case 'fail':
      return messageText(rule.messages[verdict.messageId] ?? verdict.messageId, verdict.data);
    case 'unknown':
      return missingText(verdict.missing);
    case 'not-applicable':
      return verdict.reason;
  }
}
