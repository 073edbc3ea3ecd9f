import { admits } from '#policy/admits.js';
import { confusedDeputies } from '#policy/deputy.js';
import type { PolicyDocument } from '#policy/document.js';
import { dualRoles, grantCreators, isDelegatedToIam, orphanPrincipals, policyHolders } from '#policy/duties.js';
import { publicStatements } from '#policy/exposure.js';
import { grantAccounts, isRedelegable } from '#policy/grants.js';
import { untrustedParties, type Trust } from '#policy/parties.js';
import { KEY_ARN, OTHER, OWN, policy } from './support.js';
import { ORG, UNREAD_ORG, type Answers, type Row } from './table.js';

/** The own account and organisation are trusted; of one organisation it is not known. */
export const trust: Trust = ({ id }) => {
  if (id === UNREAD_ORG) return 'unknown';
  return id === OWN || id === ORG ? 'trusted' : 'untrusted';
};

/** Every answer to a row's policy, each list sorted: the order of statements says nothing. */
export function answersOf(row: Pick<Row, 'policy' | 'grants' | 'exempt' | 'visit'>): Required<Answers> {
  return answersOn(policy(...row.policy), row);
}

export function answersOn(
  document: PolicyDocument,
  { grants = [], exempt = [], visit = {} }: Pick<Row, 'grants' | 'exempt' | 'visit'>,
): Required<Answers> {
  const { actions = ['kms:Decrypt'], via = 'ec2', organisation } = visit;
  return {
    public: publicStatements(document, KEY_ARN).severity,
    parties: sorted(
      untrustedParties(document, trust, KEY_ARN).map(
        (each) => `${each.party.id}${each.trust === 'unknown' ? '?' : ''}${each.readOnly ? ' reads' : ''}`,
      ),
    ),
    deputies: sorted(confusedDeputies(document, exempt, KEY_ARN).map(({ service }) => service)),
    duties: sorted(dualRoles(document, OWN, KEY_ARN).map(({ principal }) => principal)),
    delegated: isDelegatedToIam(document, OWN, KEY_ARN),
    holders: policyHolders(document, OWN, KEY_ARN),
    orphans: sorted(orphanPrincipals(document, KEY_ARN).map(({ id }) => id)),
    creators: sorted(
      grantCreators(document, OWN, KEY_ARN)
        .filter(({ scoped }) => !scoped)
        .map(({ principal }) => principal),
    ),
    granted: sorted(grants.flatMap((grant) => grantAccounts(grant).map(({ account, as }) => `${account} as ${as}`))),
    redelegable: grants.filter(isRedelegable).map(({ id }) => id),
    admitted: admits(document, grants, {
      account: OTHER,
      actions,
      owner: OWN,
      keyArn: KEY_ARN,
      ...(via === null ? {} : { via }),
      ...(organisation === undefined ? {} : { organisation }),
    }).admitted,
  };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
