import http from 'node:http';
import https from 'node:https';
import type { SecureContext } from 'node:tls';
import { loadConfig } from '@smithy/core/config';
import { closeIdle } from './idle-sockets.js';
import { proxiesOf, proxyName, type Environment } from './proxy.js';
import { trustedAuthorities } from './trust.js';

/** The sockets that all clients share. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: http.Agent;
}

/** Agents that go the way the environment says: through its proxies, trusting its authorities. Rejects settings that cannot hold. */
export async function agentsOf(maxSockets: number, connectTimeoutMs: number): Promise<Agents> {
  const environment = await environmentOfSdk();
  const choose = proxiesOf(environment);
  const trusted = await trustedAuthorities(environment);
  const direct = directAgents(maxSockets, trusted);
  if (choose === undefined) return direct;
  const { ProxyAgent } = await import('./proxy-agent.js');
  const shared = { choose, maxSockets, connectTimeoutMs, trusted };
  return {
    httpAgent: new ProxyAgent({ ...shared, protocol: 'http:', direct: direct.httpAgent }),
    httpsAgent: new ProxyAgent({ ...shared, protocol: 'https:', direct: direct.httpsAgent }),
  };
}

/** What the environment says of the way to AWS, in words and without passwords. Rejects settings that cannot hold. */
export async function networkSettings(): Promise<readonly string[]> {
  const environment = await environmentOfSdk();
  const proxy = proxiesOf(environment)?.('https:', 'sts.amazonaws.com', 443);
  const trusted = await trustedAuthorities(environment);
  const endpoint = environment['AWS_ENDPOINT_URL'];
  return [
    proxy === undefined ? 'no proxy' : `through the proxy ${proxyName(proxy)}`,
    trusted === undefined ? 'the certificate authorities of Node.js' : 'certificate authorities of a bundle of your own',
    ...(endpoint === undefined || endpoint === '' ? [] : [`AWS_ENDPOINT_URL in place of AWS: ${endpoint}`]),
    ...['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'].filter((name) => environment[name]?.toLowerCase() === 'true'),
  ];
}

/** The environment that the SDK reads its own settings from. */
function environmentOfSdk(): Promise<Environment> {
  const read = { environmentVariableSelector: (environment: Environment) => environment };
  return loadConfig<Environment>({ ...read, configFileSelector: () => undefined, default: {} })();
}

/** Agents that know no proxy. */
export function directAgents(maxSockets: number, trusted?: SecureContext): Agents {
  const agent = { keepAlive: true, maxSockets };
  return {
    httpAgent: bounded(new http.Agent(agent)),
    httpsAgent: bounded(new https.Agent({ ...agent, ...(trusted !== undefined && { secureContext: trusted }) })),
  };
}

function bounded<A extends http.Agent>(agent: A): A {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    closeIdle(agent, 1);
    return create(options, callback);
  };
  return agent;
}
