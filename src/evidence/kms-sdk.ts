export { GetPublicKeyCommand, KMSClient as Client, SignCommand } from '@aws-sdk/client-kms';
