/** Key policies in the wording AWS writes them. */

/** What a key gets when nobody gives it another policy: the account's IAM decides. */
export function delegatingPolicy(account: string): string {
  return policy(rootStatement(account));
}

export function publicPolicy(account: string): string {
  return policy(rootStatement(account), {
    Sid: 'Everybody',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['kms:Decrypt', 'kms:DescribeKey'],
    Resource: '*',
  });
}

/** Lets another account use and read the key. */
export function sharedPolicy(account: string, other: string): string {
  return policy(rootStatement(account), {
    Sid: 'OtherAccount',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${other}:root` },
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:CreateGrant'],
    Resource: '*',
  });
}

/** One role that both administers and uses the key, and a service that may use it for whoever asks. */
export function carelessPolicy(account: string): string {
  return policy(
    rootStatement(account),
    {
      Sid: 'OneRoleForAll',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:role/deploy` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Notifications',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
    },
  );
}

/** Only a role that was deleted may administer the key: AWS shows its unique id. */
export function lockedPolicy(account: string): string {
  return policy(
    { Sid: 'Admin', Effect: 'Allow', Principal: { AWS: 'AROAEXAMPLEROLEID1234' }, Action: 'kms:*', Resource: '*' },
    {
      Sid: 'Use',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Get*', 'kms:List*'],
      Resource: '*',
    },
  );
}

/** Shuts a role out of every read, whatever IAM says. */
export function shutOutPolicy(account: string, role: string): string {
  return policy(rootStatement(account), {
    Sid: 'NotForAuditors',
    Effect: 'Deny',
    Principal: { AWS: `arn:aws:iam::${account}:role/${role}` },
    Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
    Resource: '*',
  });
}

export function awsManagedPolicy(account: string, region: string, service: string): string {
  return policy({
    Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:CreateGrant', 'kms:DescribeKey'],
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com`, 'kms:CallerAccount': account },
    },
  });
}

function rootStatement(account: string): object {
  return {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
}

function policy(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
