import type { PluginFacet } from '#model/facet.js';
import type { Kind } from '#model/resources/index.js';
import { AbsentField, callDefaults, type CallFacet, type Sdk } from './service.js';

type AnyCallFacet = CallFacet<Sdk, Kind, unknown>;

interface Command {
  readonly middlewareStack: {
    add(middleware: (next: Next, context: { readonly commandName?: string }) => Next, options: object): void;
  };
}
type Next = (args: unknown) => Promise<unknown>;
interface Client {
  send(command: Command, options?: object): Promise<object>;
}

/** The answer with what the plugin made of it, so that a plugin that throws fails its call and not the scan. */
interface Projected {
  readonly projected: unknown;
}

/**
 * A plugin's facet as the crawl asks it. What the plugin says of its call is held true: limits, evidence and the IAM
 * actions of a run follow from it.
 */
export function callFacetOf({ name, origin: _origin, kind: _kind, request, project, ...facet }: PluginFacet): AnyCallFacet {
  return {
    ...callDefaults,
    ...facet,
    after: facet.after as AnyCallFacet['after'],
    request: async (client, sdk, target) => {
      const only = onlyOnce(client as Client, facet.operation);
      const output = await request(only.client as never, sdk as never, target as never);
      if (!only.sent()) throw refusal('NoCall', `${facet.operation} was not sent by the client that request gets`);
      refuseFirstPage(output);
      const made = project(output as never);
      if (made instanceof Promise) throw refusal('PromiseOfValue', 'project answers with the value, not with a promise of it');
      // As the run folder will keep it: judged again, it must read the same.
      const kept = JSON.stringify(made) as string | undefined;
      const projected: unknown = kept === undefined ? new AbsentField(name) : JSON.parse(kept);
      return { ...output, projected };
    },
    project: ({ projected }: Projected) => projected,
  };
}

/** A client that sends the declared operation, once, and whether it was asked to. */
function onlyOnce(client: Client, operation: string): { readonly client: Client; readonly sent: () => boolean } {
  const declared = `${operation.slice(operation.indexOf(':') + 1)}Command`;
  let sent = false;
  const send: Client['send'] = (command) => {
    if (sent) return Promise.reject(refusal('SecondCall', `${operation} is to be one call`));
    sent = true;
    // What the SDK calls a command survives bundling; the name of its class does not.
    command.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          commandName === declared
            ? next(args)
            : Promise.reject(refusal('UndeclaredOperation', `${String(commandName)} is not ${operation}`)),
      { step: 'initialize', priority: 'high' },
    );
    // With options, and be they none: without, the SDK may take a handler that knows nothing of what was added.
    return client.send(command, {});
  };
  return { client: { send }, sent: () => sent };
}

/** A list of which there is more would read as a whole one. */
function refuseFirstPage(output: object): void {
  const { NextToken, NextMarker, NextContinuationToken, Marker, IsTruncated, Truncated } = output as Record<string, unknown>;
  const more = [NextToken, NextMarker, NextContinuationToken, Marker].some((token) => typeof token === 'string' && token !== '');
  if (more || IsTruncated === true || Truncated === true)
    throw refusal('MorePages', 'A facet of a plugin is read from one answer, and this one has more pages');
}

function refusal(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
