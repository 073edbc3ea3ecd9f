import type { ClientConfig } from '#aws/connection.js';
import type { Sdk, ServiceSpec } from '#collect/service.js';

/** The least that AWS takes; of buckets enough that one of them is in a region of the scope. */
const leastPage: Readonly<Record<string, number>> = {
  Limit: 1,
  MaxBuckets: 1000,
  MaxDirectoryBuckets: 1,
  MaxKeys: 1,
  MaxRecords: 20,
  MaxResults: 5,
};

interface Args {
  readonly input: Readonly<Record<string, unknown>>;
}
type Next = (args: Args) => Promise<unknown>;
interface Client {
  readonly middlewareStack: { add(middleware: (next: Next) => Next, options: object): void };
}

/** A service whose lists are asked for in the smallest pages. */
export function inSmallPages(spec: ServiceSpec): ServiceSpec {
  return {
    ...spec,
    sdk: async () => {
      const sdk = await spec.sdk();
      return { ...sdk, Client: smallPaged(sdk.Client) };
    },
  };
}

function smallPaged(Client: Sdk['Client']): Sdk['Client'] {
  return new Proxy(Client, {
    construct(target, [config]: [ClientConfig]) {
      const client = new target(config) as Client;
      client.middlewareStack.add((next) => (args) => next({ ...args, input: shortened(args.input) }), {
        step: 'initialize',
        name: 'smallPages',
      });
      return client;
    },
  });
}

function shortened(input: Args['input']): Args['input'] {
  const sizes = Object.keys(input).flatMap((name) => {
    const least = leastPage[name];
    return least === undefined || input[name] === undefined ? [] : [[name, least] as const];
  });
  return { ...input, ...Object.fromEntries(sizes) };
}
