import http from 'node:http';
import https from 'node:https';
import type { SecureContext } from 'node:tls';
import { proxiesOf } from './proxy.js';
import { trustedAuthorities } from './trust.js';

/** The sockets that all clients share. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: http.Agent;
}

/** Agents that go the way the environment says: through its proxies, trusting its authorities. Rejects settings that cannot hold. */
export async function agentsOf(maxSockets: number, connectTimeoutMs: number): Promise<Agents> {
  const choose = proxiesOf(process.env);
  const trusted = await trustedAuthorities();
  const direct = directAgents(maxSockets, trusted);
  if (choose === undefined) return direct;
  const { ProxyAgent } = await import('./proxy-agent.js');
  const shared = { choose, maxSockets, connectTimeoutMs, trusted };
  return {
    httpAgent: new ProxyAgent({ ...shared, protocol: 'http:', direct: direct.httpAgent }),
    httpsAgent: new ProxyAgent({ ...shared, protocol: 'https:', direct: direct.httpsAgent }),
  };
}

/** Agents that know no proxy. */
export function directAgents(maxSockets: number, trusted?: SecureContext): Agents {
  const agent = { keepAlive: true, maxSockets };
  return {
    httpAgent: new http.Agent(agent),
    httpsAgent: new https.Agent({ ...agent, ...(trusted !== undefined && { secureContext: trusted }) }),
  };
}
