export { AccountClient as Client, ListRegionsCommand } from '@aws-sdk/client-account';
