import { Option, type Command } from 'commander';
import type { UploadFlags } from './commands/evidence-upload.js';
import type { PackFlags, VerifyFlags } from './commands/evidence.js';
import type { Io } from './io.js';
import { pluginOption } from './program-options.js';

/** The commands for auditors, and for those who answer them. */
export function addEvidence(program: Command, io: Io, result: { exitCode: number }): void {
  const evidence = program.command('evidence').description('what an auditor can verify alone: packs of finished runs');
  const pack = evidence
    .command('pack <run>')
    .description('everything of a run with its reports, rules and digests; the same run makes the same bytes')
    .requiredOption('--out <dir-or-tar>', 'a folder, or a file whose name ends in .tar')
    .option('--sign <key>', 'sign with this Ed25519 key file, or with kms:ARN (default: the pack says that it is unsigned)')
    .option('--timestamp <url>', 'have a time-stamping service (RFC 3161) say by when the signature was there')
    .option('--upload <s3>', 'put it where nobody can delete it: s3://bucket/prefix with Object Lock, under a KMS key');
  addLock(pack)
    .option(...pluginOption)
    .addHelpText(
      'after',
      '\nA key: openssl genpkey -algorithm ED25519 -out key.pem && openssl pkey -in key.pem -pubout -out pub.pem',
    )
    .action(async (run: string, options: PackFlags) => {
      result.exitCode = await (await import('./commands/evidence.js')).evidencePackCommand(run, options, io);
    });

  addLock(
    evidence
      .command('upload <tar> <s3>')
      .description('put a pack where nobody can delete it: s3://bucket/prefix with Object Lock, under a KMS key'),
  ).action(async (tar: string, to: string, options: UploadFlags) => {
    result.exitCode = await (await import('./commands/evidence-upload.js')).evidenceUploadCommand(tar, to, options, io);
  });

  evidence
    .command('verify <pack>')
    .description('whether a pack is what was signed and agrees with itself; exit 1 when not. AWS is not asked')
    .option('--key <pub>', 'file of the public key that you trust; the key in a pack is never trusted')
    .option('--fingerprint <sha256>', 'its fingerprint in place of the file')
    .option('--tsa-ca <pem>', 'file of the certificates that you trust with the time; the pack then has to have a timestamp')
    .option('--require-signature', 'exit 1 for an unsigned pack too')
    .option('--replay', 'judge the stored inventory again and compare the findings')
    .option(...pluginOption)
    .option('--json', 'as JSON on stdout')
    .action(async (pack: string, options: VerifyFlags) => {
      result.exitCode = await (await import('./commands/evidence.js')).evidenceVerifyCommand(pack, options, io);
    });
}

/** What an upload locks and encrypts a pack with. */
function addLock(command: Command): Command {
  return command
    .option('--retain-until <date>', "last day (YYYY-MM-DD) that it is locked (default: by the bucket's default retention)")
    .option('--retain-days <n>', 'or for so many days', Number)
    .addOption(
      new Option(
        '--lock-mode <mode>',
        'COMPLIANCE: nobody can take it back; GOVERNANCE: who is allowed to can (default: COMPLIANCE)',
      ).choices(['COMPLIANCE', 'GOVERNANCE']),
    )
    .option('--kms-key <arn>', "key that it is encrypted under (default: the bucket's, which has to be a KMS key)")
    .option('--role <arn>', 'role to upload with (default: the credentials themselves)');
}
