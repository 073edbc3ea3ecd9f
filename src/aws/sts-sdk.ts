export { AssumeRoleCommand, GetCallerIdentityCommand, STSClient as Client } from '@aws-sdk/client-sts';
export { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
