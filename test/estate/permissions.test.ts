import { ListKeysCommand } from '@aws-sdk/client-kms';
import { HeadObjectCommand, ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from '#estate/index.js';
import { A, B, R, clients, errorOf, running, smallWorld } from './support.js';

const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const policy = (...Statement: PolicyDocument['Statement'][number][]): PolicyDocument => ({ Statement });

describe('identity policies of an account', () => {
  test('allow the actions they name, by the names of IAM, and refuse the others as AWS does', async () => {
    const estate = await running(smallWorld().permit(A, [policy(allow('s3:ListAllMyBuckets'))]));
    const { s3, kms, sts } = clients(estate);
    await expect(s3.send(new ListBucketsCommand({}))).resolves.toBeDefined();
    // It needs no permission.
    await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
    await expect(errorOf(kms.send(new ListKeysCommand({})))).resolves.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/because no identity-based policy allows the kms:ListKeys action$/) as string,
    });
    await expect(clients(estate, B).kms.send(new ListKeysCommand({}))).resolves.toBeDefined();
  });

  test('deny before they allow, in whichever document', async () => {
    const deny = { Effect: 'Deny', Action: ['kms:List*'], Resource: '*' };
    const estate = await running(smallWorld().permit(A, [policy(allow('kms:ListKeys')), policy(deny)]));
    await expect(errorOf(clients(estate).kms.send(new ListKeysCommand({})))).resolves.toMatchObject({
      message: expect.stringContaining('with an explicit deny in an identity-based policy') as string,
    });
  });

  test('keep to resources and conditions', async () => {
    const world = smallWorld().addRole(B, { name: 'AtrestAudit' }).addRole(B, { name: 'Admin' });
    world.put(A, R, 's3.bucket', { Name: 'own', objects: [{ Key: 'a' }] });
    const own = { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } };
    const organisation = { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } };
    world.permit(A, [
      policy(
        { ...allow('s3:ListBucket'), Condition: own },
        { ...allow('s3:GetObject'), Condition: { StringEquals: { 'aws:ResourceAccount': B } } },
        { ...allow('sts:AssumeRole'), Resource: ['arn:aws:iam::*:role/AtrestAudit'], Condition: organisation },
      ),
    ]);
    const { s3, sts } = clients(await running(world));
    const assume = (role: string) =>
      sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${B}:role/${role}`, RoleSessionName: 'test' }));
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'own' }))).resolves.toBeDefined();
    await expect(errorOf(s3.send(new HeadObjectCommand({ Bucket: 'own', Key: 'a' })))).resolves.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    await expect(assume('AtrestAudit')).resolves.toBeDefined();
    await expect(errorOf(assume('Admin'))).resolves.toMatchObject({ name: 'AccessDenied' });
  });
});
