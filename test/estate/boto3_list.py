"""Lists what an estate holds with boto3, an AWS client that shares no code with atrest. Prints one JSON object."""
import json
import sys
from datetime import datetime, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

url, region, access_key, secret_key, known_key = sys.argv[1:6]
session = boto3.Session(aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name=region)


def client(service):
    return session.client(service, endpoint_url=url, config=Config(retries={"max_attempts": 1}))


def walk(service, operation, member, field, **arguments):
    pages = client(service).get_paginator(operation).paginate(**arguments)
    return [item[field] for page in pages for item in page.get(member, [])]


def error_code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def locked(s3, bucket):
    """Puts an object under Object Lock, tries to delete its version, and says what the estate holds."""
    until = datetime(2099, 1, 1, tzinfo=timezone.utc)
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    version = s3.put_object(Bucket=bucket, Key="pack", Body=b"x", ChecksumAlgorithm="SHA256", **lock)["VersionId"]
    head = s3.head_object(Bucket=bucket, Key="pack", VersionId=version, ChecksumMode="ENABLED")
    return {
        "enabled": s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["ObjectLockEnabled"],
        "mode": head["ObjectLockMode"],
        "until": head["ObjectLockRetainUntilDate"].isoformat(),
        "checksum": head["ChecksumSHA256"],
        "retention": s3.get_object_retention(Bucket=bucket, Key="pack")["Retention"]["Mode"],
        "delete": error_code(s3.delete_object, Bucket=bucket, Key="pack", VersionId=version),
        "hidden": s3.delete_object(Bucket=bucket, Key="pack")["DeleteMarker"],
    }


def answers(call, member, names):
    found = {}
    for name in names:
        try:
            answer = call(Bucket=name).get(member)
        except ClientError:
            continue
        if answer is not None:
            found[name] = answer
    return found


kms, s3 = client("kms"), client("s3")
snapshot_owner = {"OwnerIds": ["self"], "PaginationConfig": {"PageSize": 50}}
buckets = walk("s3", "list_buckets", "Buckets", "Name", PaginationConfig={"PageSize": 7})
print(
    json.dumps(
        {
            "account": client("sts").get_caller_identity()["Account"],
            "regions": [r["RegionName"] for r in client("ec2").describe_regions()["Regions"]],
            "keys": walk("kms", "list_keys", "Keys", "KeyId"),
            "aliases": walk("kms", "list_aliases", "Aliases", "AliasName"),
            "key": kms.describe_key(KeyId=known_key)["KeyMetadata"]["Arn"],
            "rotation": kms.get_key_rotation_status(KeyId=known_key)["KeyRotationEnabled"],
            "rotations": kms.list_key_rotations(KeyId=known_key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"][0]["KeyMaterialState"],
            "tags": walk("kms", "list_resource_tags", "Tags", "TagKey", KeyId=known_key, PaginationConfig={"PageSize": 2}),
            "last_usage": kms.get_key_last_usage(KeyId=known_key)["KeyLastUsage"],
            "stores": walk("kms", "describe_custom_key_stores", "CustomKeyStores", "CustomKeyStoreId"),
            "policy": kms.get_key_policy(KeyId=known_key, PolicyName="default")["Policy"],
            "grants": walk("kms", "list_grants", "Grants", "GrantId", KeyId=known_key, PaginationConfig={"PageSize": 4}),
            "volumes": walk("ec2", "describe_volumes", "Volumes", "VolumeId", PaginationConfig={"PageSize": 30}),
            "volume_keys": walk("ec2", "describe_volumes", "Volumes", "Encrypted"),
            "snapshots": walk("ec2", "describe_snapshots", "Snapshots", "SnapshotId", **snapshot_owner),
            "images": walk("ec2", "describe_images", "Images", "ImageId", Owners=["self"], IncludeDisabled=True),
            "templates": walk("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId", PaginationConfig={"PageSize": 4}),
            "template_data": walk(
                "ec2",
                "describe_launch_template_versions",
                "LaunchTemplateVersions",
                "LaunchTemplateData",
                Versions=["$Default", "$Latest"],
            ),
            "image_block": client("ec2").get_image_block_public_access_state()["ImageBlockPublicAccessState"],
            "image_shares": [
                client("ec2").describe_image_attribute(ImageId=image, Attribute="launchPermission")["LaunchPermissions"]
                for image in walk("ec2", "describe_images", "Images", "ImageId", Owners=["self"])
            ],
            "buckets": buckets,
            "encryption": [s3.get_bucket_encryption(Bucket=b)["ServerSideEncryptionConfiguration"] for b in buckets],
            "directory_buckets": walk(
                "s3", "list_directory_buckets", "Buckets", "BucketArn", PaginationConfig={"PageSize": 2}
            ),
            "locked": locked(s3, "locked-evidence"),
            "replication": answers(s3.get_bucket_replication, "ReplicationConfiguration", buckets),
            "inventory": answers(s3.list_bucket_inventory_configurations, "InventoryConfigurationList", buckets),
            "instances": walk("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier", PaginationConfig={"PageSize": 20}),
            "clusters": walk("rds", "describe_db_clusters", "DBClusters", "DBClusterIdentifier"),
            "backups": walk(
                "rds", "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups", "DBInstanceAutomatedBackupsArn"
            ),
            "cluster_backups": walk("rds", "describe_db_cluster_automated_backups", "DBClusterAutomatedBackups", "DBClusterArn"),
            "exports": walk("rds", "describe_export_tasks", "ExportTasks", "ExportTaskIdentifier"),
            "global_members": walk("rds", "describe_global_clusters", "GlobalClusters", "GlobalClusterMembers"),
            "integrations": walk("rds", "describe_integrations", "Integrations", "IntegrationArn"),
            "accounts": walk("organizations", "list_accounts", "Accounts", "Id"),
            "organization": client("organizations").describe_organization()["Organization"]["MasterAccountId"],
            "enabled_regions": walk("account", "list_regions", "Regions", "RegionName", RegionOptStatusContains=["ENABLED_BY_DEFAULT"]),
            "errors": [
                error_code(kms.describe_key, KeyId="alias/none"),
                error_code(s3.get_bucket_policy, Bucket=buckets[0]),
                error_code(client("ec2").describe_snapshot_attribute, SnapshotId="snap-0", Attribute="createVolumePermission"),
                error_code(client("rds").describe_db_snapshot_attributes, DBSnapshotIdentifier="none"),
                error_code(client("sts").assume_role, RoleArn="arn:aws:iam::111111111111:role/none", RoleSessionName="test"),
            ],
        }
    )
)
