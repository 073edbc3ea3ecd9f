export { AssumeRoleCommand, GetCallerIdentityCommand, STSClient as Client } from '@aws-sdk/client-sts';
export { fromNodeProviderChain } from '@aws-sdk/credential-providers';
