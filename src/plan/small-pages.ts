import type { ServiceSpec } from '#collect/service.js';

/** The least that AWS takes; of buckets enough that one of them is in a region of the scope. */
const leastPage: Readonly<Record<string, number>> = {
  Limit: 1,
  MaxBuckets: 1000,
  MaxDirectoryBuckets: 1,
  MaxKeys: 1,
  MaxRecords: 20,
  MaxResults: 5,
};

type Input = Readonly<Record<string, unknown>>;
type Command = new (input?: Input) => object;

/** A service whose lists are asked for in the smallest pages. */
export function inSmallPages(spec: ServiceSpec): ServiceSpec {
  return {
    ...spec,
    sdk: async () => {
      const sdk = await spec.sdk();
      const commands = Object.entries(sdk).filter(([name]) => name.endsWith('Command')) as [string, Command][];
      return { ...sdk, ...Object.fromEntries(commands.map(([name, command]) => [name, smallPaged(command)])) };
    },
  };
}

function smallPaged(Command: Command): Command {
  return new Proxy(Command, { construct: (target, [input]: [Input?]) => new target(shortened(input ?? {})) });
}

function shortened(input: Input): Input {
  const sizes = Object.keys(input).flatMap((name) => {
    const least = leastPage[name];
    return least === undefined || input[name] === undefined ? [] : [[name, least] as const];
  });
  return { ...input, ...Object.fromEntries(sizes) };
}
