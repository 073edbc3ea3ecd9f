import { editKeyPolicy, keyPolicyBlock } from '#model/key-policy-edit.js';
import { defineRule } from '#model/rule.js';
import { orphanPrincipals } from '#policy/duties.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listNames, listStatements } from '#policy/wording.js';

export default defineRule({
  id: 'kms/policy-orphan-principal',
  kind: 'kms.key',
  severity: 'low',
  title: 'Key policies allow nothing to deleted users and roles',
  needs: ['metadata', 'policy'],
  premises: ['metadata'],
  docs: {
    why: 'AWS shows a principal by its unique id once the user or role is gone. The statement gives nothing to anybody any more, not even to a new role of the same name, which is how an application loses its key without anyone noticing.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids',
    waive: 'A statement that is kept until the next change of the key policy.',
  },
  messages: {
    none: 'No statement of the key policy allows anything to a deleted user or role.',
    orphans: 'The key policy allows actions to {ids}, by {statements}: the user or role behind it was deleted.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or GetKeyPolicy could not be read, or the text is no policy', 'unknown'],
    ['A bare unique id (AIDA…, AROA…) among the principals of an Allow', 'fail'],
    ['Unique ids in conditions, NotPrincipal or a Deny', 'pass'],
    ['None', 'pass'],
  ],
  remediation: (key) => ({
    text: 'Take the id out of the key policy. If the role was made anew, name its ARN instead.',
    cli: editKeyPolicy(key),
    terraform: keyPolicyBlock(key),
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its policy',
  evaluate: ({ arn, policy }, { pass, fail, unknown }) => {
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);
    const orphans = orphanPrincipals(document.value, arn);
    if (orphans.length === 0) return pass('none');
    const ids = listNames(
      orphans.map(({ id }) => id),
      'ids',
    );
    const data = { ids, statements: listStatements(orphans) };
    return fail('orphans', { data, expected: 'principals that exist', actual: ids, evidence: { statements: orphans } });
  },
});
