/**
 * What `atrest init` writes: a config that changes nothing, with every setting a person is likely to want behind a `#`.
 * Lines that begin with `##` are words, those with `# ` are settings: without the `# ` they are a config.
 */
export const initialConfig = `## What atrest audits, and by which rules. Take the "# " away from what you need.
## Every setting: the README; what is on for an account: atrest baseline show ACCOUNT
version: 1

## Without a scope: the account of the credentials, in all its enabled regions.
# scope:
#   organization:
#     role: AtrestAudit                  ## assumed in every account; \`atrest policy\` prints it
#     exclude: [Sandbox, "999999999999"] ## OUs by name or id path, accounts by id
#   regions: { exclude: [me-south-1] }

## What holds for everybody is a baseline of your own; it extends recommended, strict or a framework.
# baselines:
#   prod:
#     extends: strict
#     rules:
#       kms/rotation-period: [high, { maxDays: 180 }]
#       s3/bucket-key: { state: off, reason: requests cost us nearly nothing }
# assign:
#   - { baseline: prod, accounts: { names: ["*-prod"] } }

## Where a customer managed key is required.
# cmkRequired:
#   - { tags: { DataClass: [confidential, restricted] } }

## Accounts that may use your keys and read your snapshots beside those of the scope.
# trustedAccounts: ["333333333333"]

## Findings that somebody has decided to live with: docs/waivers.md.
# waivers: [waivers.yaml]
# waiverPolicy: { requireExpires: true, requireOwner: true }

## When a scan and \`atrest gate\` fail: docs/gate.md. Unsaid: at a finding of high or critical severity.
# gate: { failOn: medium, failOnNew: low }

## A rule that a baseline turns off, or makes less severe, needs a reason there.
# requireReason: true

## Frameworks whose controls the report counts: \`atrest frameworks list\`.
# frameworks: [pci-dss-4.0]

## Language of the HTML pages: en or ko. \`--lang\` goes before it.
# lang: ko

## Where finished runs are kept, for trends.
# history: { to: ./runs, keep: { runs: 30 } }
`;
