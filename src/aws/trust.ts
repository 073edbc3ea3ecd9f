import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { loadConfig } from '@smithy/core/config';
import { AtrestError } from '#model/errors.js';
import type { Environment } from './proxy.js';

const bundleVariable = 'AWS_CA_BUNDLE';
const extraVariable = 'NODE_EXTRA_CA_CERTS';

/**
 * Who may sign the certificates of AWS's endpoints and of proxies; undefined: those that Node trusts, among them what
 * NODE_EXTRA_CA_CERTS adds. As in the AWS CLI, AWS_CA_BUNDLE and a profile's `ca_bundle` take their place. Made once:
 * Node would parse the bundle again for every connection.
 */
export async function trustedAuthorities(environment: Environment): Promise<SecureContext | undefined> {
  const extra = environment[extraVariable];
  // Node only warns of a file that it cannot read, and fails later at every connection.
  const added = extra === undefined || extra === '' ? [] : await certificatesIn(extra, extraVariable);
  const path = environment[bundleVariable] || (await bundleOfProfile());
  if (path === '') return undefined;
  const setBy = environment[bundleVariable] ? bundleVariable : "ca_bundle in the profile of AWS's config file";
  return createSecureContext({ ca: [...(await certificatesIn(path, setBy)), ...added] });
}

function bundleOfProfile(): Promise<string> {
  return loadConfig({
    environmentVariableSelector: () => undefined,
    configFileSelector: (profile) => profile['ca_bundle'],
    default: '',
  })();
}

/** The PEM certificates of a file. */
async function certificatesIn(path: string, setBy: string): Promise<string[]> {
  const refuse = (what: string, cause?: unknown) =>
    new AtrestError('config', `${path} ${what}`, {
      hint: `It is named by ${setBy}, which takes a file of PEM certificates.`,
      cause,
    });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw refuse(code === 'ENOENT' ? 'does not exist' : `cannot be read: ${code}`, cause);
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  if (certificates.length === 0) throw refuse('holds no certificate');
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      throw refuse(`is damaged: its certificate ${String(index + 1)} cannot be read`, cause);
    }
  }
  return certificates;
}
