export { BatchImportFindingsCommand, GetFindingsCommand, SecurityHubClient as Client } from '@aws-sdk/client-securityhub';
