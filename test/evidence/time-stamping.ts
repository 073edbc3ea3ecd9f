import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

const config = `
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamps]
basicConstraints = critical, CA:false
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = service
[service]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
`;

type Answer = (response: Buffer) => { readonly status?: number; readonly body: Buffer };

/** A time-stamping service on loopback that is `openssl ts`, and the certificate of its authority. */
export interface TimeStamping {
  readonly url: string;
  readonly ca: string;
  /** The certificate of an authority that it does not lead to. */
  readonly otherCa: string;
  /** Changes what it answers from now on; undefined: nothing. */
  answering(change: Answer | undefined): void;
  close(): Promise<void>;
}

export async function startTimeStamping(): Promise<TimeStamping> {
  const folder = mkdtempSync(join(tmpdir(), 'atrest-tsa-'));
  const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'tsa.cnf'), config);
  writeFileSync(join(folder, 'serial'), '01\n');
  const key = (name: string) => `-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${name}.key -config tsa.cnf`;
  for (const name of ['ca', 'other'])
    openssl(`req -x509 ${key(name)} -out ${name}.pem -subj /CN=${name} -extensions ca -days 3650`);
  openssl(`req ${key('tsa')} -out tsa.csr -subj /O=Example/CN=clock`);
  openssl(
    `x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -extfile tsa.cnf -extensions stamps -days 3650`,
  );
  let change: Answer = (body) => ({ body });
  const server = createServer((request, reply) => {
    void buffer(request).then((query) => {
      writeFileSync(join(folder, 'query'), query);
      openssl('ts -reply -queryfile query -signer tsa.pem -inkey tsa.key -config tsa.cnf -out response');
      const { status = 200, body } = change(readFileSync(join(folder, 'response')));
      reply.writeHead(status, { 'content-type': 'application/timestamp-reply' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    ca: join(folder, 'ca.pem'),
    otherCa: join(folder, 'other.pem'),
    answering: (next) => (change = next ?? ((body) => ({ body }))),
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
