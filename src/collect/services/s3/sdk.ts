export {
  S3Client as Client,
  GetBucketEncryptionCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketsCommand,
  ListDirectoryBucketsCommand,
} from '@aws-sdk/client-s3';
