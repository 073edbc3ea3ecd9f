import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AtrestError } from '#model/errors.js';

/** Writes a rule, its cases and its page to start from; answers their paths. Refuses to overwrite. */
export async function writeNewRule(id: string, folder: string): Promise<readonly string[]> {
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id))
    throw new AtrestError('usage', `${id} is not a rule id`, { hint: 'An id is two names in lower case: my-rules/volume-size.' });
  const name = id.replace('/', '-');
  const files = { [`${name}.mjs`]: ruleText(id), [`${name}.test.yaml`]: casesText(id), [`${name}.md`]: pageText(id) };
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, file);
    try {
      await writeFile(path, text, { flag: 'wx' });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
        throw new AtrestError('output', `${path} is there already`, { cause });
      throw cause;
    }
    written.push(path);
  }
  return written;
}

function ruleText(id: string): string {
  return `// A rule is a pure function: no clock but context.now, no network, no files.
export default ({ defineRule, z }) =>
  defineRule({
    id: '${id}',
    kind: 'ebs.volume',
    severity: 'low',
    title: 'Volumes are not left unattached',
    // Facets that are read before evaluate is called; one that could not be read makes the verdict unknown.
    needs: ['details'],
    options: z.strictObject({
      days: z.int().min(0).default(30).meta({ description: 'Days that a volume may be unattached after it was made' }),
    }),
    docs: {
      why: 'A volume that nothing is attached to costs money and holds data that nobody looks after.',
      source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html',
      waive: 'A volume that is kept on purpose.',
    },
    messages: {
      attached: 'The volume is attached to {instances}.',
      young: 'The volume is unattached, and younger than {days} days.',
      left: 'The volume is unattached, and older than {days} days.',
    },
    states: [
      ['Attached', 'pass'],
      ['Deleting or deleted', 'not applicable'],
      ['Unattached, and younger than the option days', 'pass'],
      ['Unattached, and older', 'fail'],
    ],
    remediation: ({ region, name }) => ({
      text: 'Snapshot the volume, then delete it.',
      cli: \`aws ec2 delete-volume --region '\${region}' --volume-id '\${name}'\`,
      terraform: null,
    }),
    evaluate: ({ details }, { now, options, pass, fail, notApplicable }) => {
      const { days } = options;
      if (details.state === 'deleting' || details.state === 'deleted') return notApplicable(\`the volume is \${details.state}\`);
      if (details.attachedTo.length > 0) return pass('attached', { data: { instances: details.attachedTo.join(', ') } });
      const age = (now.getTime() - Date.parse(details.createdAt ?? '')) / 86_400_000;
      const evidence = { createdAt: details.createdAt, attachedTo: details.attachedTo };
      if (age <= days) return pass('young', { data: { days }, evidence });
      return fail('left', { data: { days }, evidence, expected: 'attached', actual: 'unattached' });
    },
  });
`;
}

function casesText(id: string): string {
  return `# The clock of these cases stands at 2026-11-23T00:00:00Z.
rule: ${id}
cases:
  - name: attached
    verdict: pass
    message: The volume is attached to i-1.
    resource: { facets: { details: { state: in-use, attachedTo: [i-1], createdAt: "2026-01-01T00:00:00Z" } } }
  - name: made a week ago
    verdict: pass
    resource: { facets: { details: { state: available, attachedTo: [], createdAt: "2026-11-16T00:00:00Z" } } }
  - name: made a year ago
    verdict: fail
    message: The volume is unattached, and older than 30 days.
    resource: { facets: { details: { state: available, attachedTo: [], createdAt: "2025-11-23T00:00:00Z" } } }
  - name: details denied
    verdict: unknown
    resource: { unread: [details] }
  - name: on its way out
    verdict: not-applicable
    message: the volume is deleting
    resource: { facets: { details: { state: deleting, attachedTo: [], createdAt: null } } }
`;
}

function pageText(id: string): string {
  return `# ${id}

Why a reader should care, how the rule decides, what unknown means here, when to waive it, and how to mend it.
`;
}
