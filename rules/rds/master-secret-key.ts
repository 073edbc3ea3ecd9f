import { customerManagedMessages, customerManagedStates, judgeCustomerManaged } from '#model/customer-managed.js';
import { serviceOf, type DatabaseService } from '#model/database.js';
import type { Encryption } from '#model/encryption.js';
import { databaseSubject } from '#model/judged.js';
import { needsKey } from '#model/reencrypt.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

const { customerManaged, inferred, awsManaged } = customerManagedMessages;
const ofStorage = new Set(['Not encrypted', 'A key that AWS owns', 'AWS left out the key', 'The key is gone']);

export default defineRule({
  id: 'rds/master-secret-key',
  kind: ['rds.instance', 'rds.cluster'],
  severity: 'low',
  title: 'Master passwords that RDS keeps in Secrets Manager are under a customer managed key where one is required',
  needs: ['details'],
  premises: ['details'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  docs: {
    why: 'The master password opens the whole database. Under aws/secretsmanager everybody in the account who may read the secret can decrypt it; the policy of a customer managed key is a second lock, and the only one that can be given to another account.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html',
    waive: 'An account in which nobody but the owners of the database may read secrets.',
  },
  messages: { customerManaged, inferred, awsManaged },
  states: [
    ['Member of an Aurora, Multi-AZ, Neptune or DocumentDB cluster', 'not applicable: judged at the cluster'],
    ['RDS manages no secret', 'not applicable'],
    ['The key of the secret is gone', 'not applicable'],
    ...customerManagedStates.filter(([state]) => !ofStorage.has(state)),
  ],
  remediation: ({ kind, name, region }, facts) => {
    const service = serviceOf(facts);
    const what = kind === 'rds.instance' ? 'instance' : 'cluster';
    const modify = `aws ${service} modify-db-${what} --region ${shellQuote(region)} --db-${what}-identifier ${shellQuote(name)}`;
    return {
      text: 'The key of a managed secret cannot be changed: take the password back from Secrets Manager for a moment, then hand it over again under a key of yours. Clients that read the secret by its ARN have to be given the new one.',
      cli: [
        needsKey,
        `PASSWORD=$(aws secretsmanager get-random-password --region ${shellQuote(region)} --exclude-punctuation --query RandomPassword --output text)`,
        `${modify} --no-manage-master-user-password --master-user-password "$PASSWORD" --apply-immediately`,
        '# Once the database is available again:',
        `${modify} --manage-master-user-password --master-user-secret-kms-key-id "\${KEY:?}" --apply-immediately`,
      ].join('\n'),
      terraform: managedPassword(kind === 'rds.instance' ? null : service, name),
    };
  },
  appliesTo: ({ details }) => {
    if ('clusterId' in details && details.clusterId !== null)
      return `member of the cluster ${details.clusterId}: judged at the cluster`;
    return details.masterSecret !== null || 'RDS manages no secret of its master user';
  },
  evaluate: ({ kind, details }, context) => {
    const MasterUserSecretKmsKeyId = details.masterSecret?.kmsKeyId ?? null;
    const key = MasterUserSecretKmsKeyId ?? 'alias/aws/secretsmanager';
    const encryption: Encryption = { by: 'kms', key, mode: 'sse-kms', checkedOnWrite: true };
    const reading = context.level(encryption);
    if (reading.is === 'key-gone') return context.notApplicable(`the key of the secret, ${reading.arn}, is gone`);
    const subject = `master user secret of the ${databaseSubject({ kind, details })}`;
    const evidence = { Engine: details.engine, MasterUserSecretKmsKeyId };
    return judgeCustomerManaged({ encryption, subject, evidence }, context);
  },
});

function managedPassword(service: DatabaseService | null, name: string): string {
  const [type, id] = service === null ? ['aws_db_instance', 'identifier'] : [`aws_${service}_cluster`, 'cluster_identifier'];
  return [
    `resource "${type}" "this" {`,
    `  ${id.padEnd(29)} = ${terraformString(name)}`,
    '  manage_master_user_password   = true',
    '  master_user_secret_kms_key_id = aws_kms_key.this.arn',
    '}',
  ].join('\n');
}
