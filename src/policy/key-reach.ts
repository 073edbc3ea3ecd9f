/** Who may use a key by its policy, in a few words and counts (the key view of reports). */

import { compareText } from '#model/place.js';
import type { KeyReach } from '#model/report.js';
import { isReadOnly } from './actions.js';
import { OWN_ACCOUNT, OWN_ORGANISATION, type Binding } from './conditions.js';
import type { PolicyDocument } from './document.js';
import { publicStatements } from './exposure.js';
import { partiesOf } from './parties.js';
import { describePrincipal, type Principal } from './principals.js';
import { reachOf } from './reach.js';

type Other = KeyReach['others'][number];

/** Named of those whom a policy lets in; the total says how many there are. */
const namedMax = 10;

/** What a policy gives beyond looking at the key. */
export function keyReach(policy: PolicyDocument, keyArn: string, owner: string): KeyReach {
  const others = new Map<string, Other>();
  const ownPrincipals = new Set<string>();
  let ownAccount = false;
  let bound = false;
  const add = (as: Other['as'], name: string): void => {
    if (as === 'account' && (name === owner || name === OWN_ACCOUNT)) ownAccount = true;
    else others.set(`${as} ${name}`, { as, name: name === OWN_ORGANISATION ? 'the organisation of the key' : name });
  };
  for (const { principal, actions, bindings } of reachOf(policy, [], keyArn)) {
    if (isReadOnly(actions)) continue;
    if (principal.kind === 'everyone') {
      const parties = narrowest(bindings);
      bound ||= parties.length === 0;
      for (const { kind, id } of parties) add(kind, id);
    } else if (principal.kind === 'arn' && principal.account === owner) ownPrincipals.add(principal.arn);
    else add(...named(principal));
  }
  const open = bound && publicStatements(policy, keyArn).statements.some(({ readOnly }) => !readOnly);
  const sorted = [...others].sort(([a], [b]) => compareText(a, b)).map(([, other]) => other);
  return {
    everyone: open ? 'public' : bound ? 'bound' : 'no',
    ownAccount,
    ownPrincipals: ownPrincipals.size,
    others: sorted.slice(0, namedMax),
    othersTotal: sorted.length,
  };
}

/** Each binding holds, so those of one are enough; the one that names the fewest says the most. Empty: none names anybody. */
function narrowest(bindings: readonly Binding[]): ReturnType<typeof partiesOf> {
  const named = bindings.map(partiesOf).filter((parties) => parties.length > 0);
  return named.sort((a, b) => a.length - b.length)[0] ?? [];
}

function named(principal: Exclude<Principal, { kind: 'everyone' }>): [Other['as'], string] {
  switch (principal.kind) {
    case 'account':
      return ['account', principal.account];
    case 'service':
      return ['service', principal.name];
    case 'arn':
    case 'federated':
    case 'canonical-user':
    case 'unique-id':
    case 'other':
      return ['principal', describePrincipal(principal)];
  }
}
