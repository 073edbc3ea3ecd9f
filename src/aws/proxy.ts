import { BlockList, isIP } from 'node:net';
import { AtrestError } from '#model/errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that a host is reached through; undefined: none. */
export type ProxyChoice = (protocol: string, host: string, port: number) => URL | undefined;

/** This machine and its link: the instance metadata and container credential endpoints live there. */
const nearby = new BlockList();
nearby.addSubnet('127.0.0.0', 8);
nearby.addSubnet('169.254.0.0', 16);
nearby.addAddress('::1', 'ipv6');
nearby.addSubnet('fe80::', 10, 'ipv6');
nearby.addAddress('fd00:ec2::254', 'ipv6');
nearby.addAddress('fd00:ec2::23', 'ipv6');

/**
 * What HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say, lower case first, as curl reads them; undefined when no
 * proxy is set. Rejects what is no proxy's URL.
 */
export function proxiesOf(environment: Environment): ProxyChoice | undefined {
  const all = proxyNamed('ALL_PROXY', environment);
  const proxies = new Map([
    ['http:', proxyNamed('HTTP_PROXY', environment) ?? all],
    ['https:', proxyNamed('HTTPS_PROXY', environment) ?? all],
  ]);
  if ([...proxies.values()].every((proxy) => proxy === undefined)) return undefined;
  const bypassed = exceptions(settingNamed('NO_PROXY', environment)?.value ?? '');
  return (protocol, host, port) => (bypassed(host.toLowerCase(), port) ? undefined : proxies.get(protocol));
}

/** Where a proxy is, without the password that its URL may hold. */
export function proxyName({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

function settingNamed(name: string, environment: Environment) {
  for (const spelling of [name.toLowerCase(), name]) {
    const value = environment[spelling]?.trim();
    if (value !== undefined && value !== '') return { spelling, value };
  }
  return undefined;
}

function proxyNamed(name: string, environment: Environment): URL | undefined {
  const setting = settingNamed(name, environment);
  if (setting === undefined) return undefined;
  const { spelling, value } = setting;
  const text = value.includes('://') ? value : `http://${value}`;
  // The value is not repeated: it may hold a password.
  if (!URL.canParse(text))
    throw new AtrestError('config', `${spelling} is not the URL of a proxy`, { hint: 'Write http://HOST:PORT.' });
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AtrestError('config', `${spelling} names a proxy of the kind ${url.protocol}//`, {
      hint: 'Proxies are spoken to over http:// or https://.',
    });
  }
  return url;
}

/** Whether a host is reached without the proxy. An entry covers the names below it, with or without a leading dot. */
function exceptions(list: string): (host: string, port: number) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(exception);
  return (host, port) => isNearby(host) || entries.some((matches) => matches(host, port));
}

function exception(entry: string): (host: string, port: number) => boolean {
  if (entry === '*') return () => true;
  const subnet = subnetOf(entry);
  if (subnet !== undefined) return (host) => isIn(subnet, host);
  const [, bracketed, plain = entry, onPort] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain.replace(/^\*?\./, '');
  return (host, port) => (onPort === undefined || Number(onPort) === port) && (host === name || host.endsWith(`.${name}`));
}

function subnetOf(entry: string): BlockList | undefined {
  const [address = '', bits = ''] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const subnet = new BlockList();
  subnet.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return subnet;
}

function isNearby(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isIn(nearby, host);
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
