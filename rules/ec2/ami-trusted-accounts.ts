import { parseArn } from '#model/arn.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { judgeShares, shareMessages, shareStates, type Share } from '#model/shares.js';

export default defineRule({
  id: 'ec2/ami-trusted-accounts',
  kind: 'ec2.image',
  severity: 'high',
  title: 'Images are shared with trusted accounts and organisations only',
  needs: ['sharedWith'],
  docs: {
    why: 'Whoever may launch an image reads everything on its disks and can copy it for good. A launch permission stays until somebody takes it back, and one for an organisation lets in accounts that did not exist when it was given.',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html',
    waive:
      'A customer who is to have the image, until the handover is done. One who is to have it always belongs into trustedAccounts.',
  },
  messages: shareMessages,
  states: [
    ['launchPermission could not be read', 'unknown'],
    ['Disabled: AWS took its launch permissions away', 'not applicable, without a call'],
    ['launchPermission names no account, organisation or unit', 'not applicable'],
    ...shareStates,
  ],
  remediation: ({ arn, region }) => {
    const image = `--region ${shellQuote(region)} --image-id ${shellQuote(arn.slice(arn.lastIndexOf('/') + 1))}`;
    return {
      text: 'Take the launch permission back from everybody who is not to have it, an organisation with --organization-arns, a unit with --organizational-unit-arns. Treat what the image held as known to them.',
      cli: `aws ec2 describe-image-attribute ${image} --attribute launchPermission\n: "\${ACCOUNT:?set it to the account that is not to have it}"\naws ec2 modify-image-attribute ${image} --attribute launchPermission --operation-type remove --user-ids "\${ACCOUNT:?}"`,
      terraform: '# Remove the aws_ami_launch_permission of that account or organisation from the configuration.',
    };
  },
  evaluate: ({ sharedWith }, context) => {
    if (sharedWith.length === 0) return context.notApplicable('not shared with any account');
    const evidence = { launchPermission: sharedWith };
    return judgeShares(sharedWith.map(shareOf), { subject: 'image', evidence }, context);
  },
});

/** An account id, or the ARN of an organisation or of one of its units: `…:organization/o-…`, `…:ou/o-…/ou-…`. */
function shareOf(written: string): Share {
  const arn = parseArn(written);
  if (arn === undefined) return { party: { kind: 'account', id: written }, name: written };
  const [, id = ''] = arn.resource.split('/');
  return { party: { kind: 'organisation', id }, name: written };
}
