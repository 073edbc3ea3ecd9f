"""Deploys a template of `atrest policy` on moto as a StackSet and prints, as JSON, the role that it made in each account."""

import json
import sys
import urllib.request

import boto3

endpoint, region, name, external_id = sys.argv[1:]
template = sys.stdin.read()
trusted = "123456789012"


def client(service, **credentials):
    keys = credentials or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=endpoint, region_name=region, **keys)


def iam_of(account):
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return client(
        "iam",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def made_in(account):
    iam = iam_of(account)
    role = iam.get_role(RoleName=name)["Role"]
    documents = []
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        documents.append(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])
    return {"trust": role["AssumeRolePolicyDocument"], "boundary": role.get("PermissionsBoundary"), "documents": documents}


urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST"))
organizations = client("organizations")
organizations.create_organization(FeatureSet="ALL")
accounts = [
    organizations.create_account(AccountName=each, Email=f"{each}@example.com")["CreateAccountStatus"]["AccountId"]
    for each in ("one", "two")
]
root = organizations.list_roots()["Roots"][0]["Id"]
unit = organizations.create_organizational_unit(ParentId=root, Name="all")["OrganizationalUnit"]["Id"]
for account in accounts:
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
cloudformation = client("cloudformation")
values = {"TrustedPrincipal": trusted, "ExternalId": external_id, "RoleName": name}
cloudformation.create_stack_set(
    StackSetName="atrest",
    TemplateBody=template,
    Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
    Capabilities=["CAPABILITY_NAMED_IAM"],
    PermissionModel="SERVICE_MANAGED",
    AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
)
targets = {"OrganizationalUnitIds": [unit]}
cloudformation.create_stack_instances(StackSetName="atrest", DeploymentTargets=targets, Regions=[region])
print(json.dumps([made_in(account) for account in accounts]))
