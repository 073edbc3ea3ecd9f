import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'ec2/ami-block-public-access',
  kind: 'ebs.defaults',
  severity: 'medium',
  title: 'Images cannot be made public in any region',
  needs: ['imageBlockPublicAccess'],
  docs: {
    why: 'One wrong call publishes an image with all its disks. Blocked for the account and region, that call fails. The block reaches new launch permissions only: what is public already stays so.',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html',
    waive: 'A region from which public images are published on purpose.',
  },
  messages: {
    blocked: 'Block public access for images in {region} is block-new-sharing.',
    open: 'Block public access for images in {region} is {state}.',
  },
  states: [
    ['ImageBlockPublicAccessState block-new-sharing', 'pass'],
    ['ImageBlockPublicAccessState unblocked, or one that this version does not know', 'fail'],
    ['GetImageBlockPublicAccessState could not be read', 'unknown'],
  ],
  remediation: ({ region }) => ({
    text: 'Block public access for images in the region. Images that are public stay so until their launch permission is taken back.',
    cli: `aws ec2 enable-image-block-public-access --region ${shellQuote(region)} --image-block-public-access-state block-new-sharing`,
    terraform: 'resource "aws_ec2_image_block_public_access" "this" {\n  state = "block-new-sharing"\n}',
  }),
  evaluate: ({ imageBlockPublicAccess: state, region }, { pass, fail }) => {
    const facts = { expected: 'block-new-sharing', actual: state, evidence: { ImageBlockPublicAccessState: state } };
    return state === 'block-new-sharing'
      ? pass('blocked', { ...facts, data: { region } })
      : fail('open', { ...facts, data: { region, state } });
  },
});
