import type { Missing } from '#model/attempt.js';
import { findingId } from '#model/finding.js';
import type { Place } from '#model/place.js';
import type { Finding } from '#model/report.js';
import type { Identity, Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Severity } from '#model/severity.js';
import { messageText, missingText, type Verdict } from '#model/verdict.js';
import type { Resource } from './resource.js';

/** A verdict as the report shows it. `severity` is the baseline's override, if it has one. */
export function findingOf(rule: Rule, verdict: Verdict, resource: Resource, severity: Severity | null): Finding {
  const key = verdict.verdict === 'not-applicable' ? null : resource.key();
  return {
    ...judged(rule, verdict, resource.identity, severity),
    key: key === null ? null : { arn: key.arn, level: key.level.is === 'level' ? key.level.level : null },
    waiver: null,
    attestation: null,
    missing: verdict.verdict === 'unknown' ? [...verdict.missing] : null,
    remediation: verdict.verdict === 'fail' ? rule.remediation(resource.identity) : null,
  };
}

/** The one unknown that a rule has of a kind whose listing could not be read to its end. */
export function listUnknown(
  rule: Rule,
  kind: Kind,
  service: string,
  place: Place,
  missing: Missing,
  severity: Severity | null,
): Finding {
  const { partition, account, region } = place;
  const arn = `arn:${partition}:${service}:${region}:${account}:${kind}/*`;
  const verdict: Verdict = { verdict: 'unknown', missing: [missing] };
  return {
    ...judged(rule, verdict, { ...place, kind, arn, name: `${kind}/*` }, severity),
    key: null,
    waiver: null,
    attestation: null,
    missing: [missing],
    remediation: null,
  };
}

function judged(rule: Rule, verdict: Verdict, { account, region, kind, arn, name }: Identity, override: Severity | null) {
  return {
    id: findingId(rule.id, arn, account, region),
    rule: rule.id,
    verdict: verdict.verdict,
    severity: override ?? (verdict.verdict === 'fail' ? verdict.severity : null) ?? rule.severity,
    account,
    region,
    kind,
    resource: arn,
    name,
    ...wording(rule, verdict),
  };
}

function wording(rule: Rule, verdict: Verdict): Pick<Finding, 'message' | 'expected' | 'actual' | 'evidence'> {
  switch (verdict.verdict) {
    case 'pass':
    case 'fail': {
      const { messageId, data, expected, actual, evidence } = verdict;
      return { message: messageText(rule.messages[messageId] ?? messageId, data), expected, actual, evidence: { ...evidence } };
    }
    case 'unknown':
      return { message: missingText(verdict.missing), expected: null, actual: null, evidence: {} };
    case 'not-applicable':
      return { message: verdict.reason, expected: null, actual: null, evidence: {} };
  }
}
