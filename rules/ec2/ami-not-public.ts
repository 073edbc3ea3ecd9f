import { leftOut } from '#model/ec2-listings.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'ec2/ami-not-public',
  kind: 'ec2.image',
  severity: 'critical',
  title: 'Images are not public',
  needs: ['details'],
  docs: {
    why: 'Everybody with an AWS account can start an instance from a public image and read what is on its disks: code, configuration, credentials that somebody forgot. Blocking public access of images keeps only new ones from being published.',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html',
    waive: 'An image that is published on purpose.',
  },
  messages: {
    notPublic: 'The image is not public.',
    public: 'The image is public: everybody with an AWS account can launch it and read its disks.',
  },
  states: [
    ['AWS left out whether it is public', 'unknown'],
    ['Public true', 'fail'],
    ['Public false', 'pass'],
  ],
  remediation: ({ arn, region }) => {
    const at = `--region ${shellQuote(region)}`;
    return {
      text: 'Take the launch permission of everybody back, and block public access for images in the region. Treat what the image held as disclosed: its credentials first.',
      cli: `aws ec2 modify-image-attribute ${at} --image-id ${shellQuote(arn.slice(arn.lastIndexOf('/') + 1))} --launch-permission 'Remove=[{Group=all}]'\naws ec2 enable-image-block-public-access ${at} --image-block-public-access-state block-new-sharing`,
      terraform: 'resource "aws_ec2_image_block_public_access" "this" {\n  state = "block-new-sharing"\n}',
    };
  },
  evaluate: ({ details }, { pass, fail, unknown }) => {
    if (details.public === null) return unknown([leftOut('ec2.image', 'Public')]);
    const evidence = { Public: details.public };
    return details.public
      ? fail('public', { expected: 'not public', actual: 'public', evidence })
      : pass('notPublic', { expected: 'not public', actual: 'not public', evidence });
  },
});
