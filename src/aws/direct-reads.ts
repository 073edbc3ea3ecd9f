import { userAgentMiddleware } from '@aws-sdk/core/client';
import { AwsSdkSigV4Signer } from '@aws-sdk/core/httpAuthSchemes';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { getSchemaSerdePlugin } from '@smithy/core/schema';
import { getSmithyContext, HttpRequest, type IHttpRequest } from '@smithy/core/transport';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';

const reading = /^(?:Describe|Get|List)/;
/** By service: the operations that are a signed request to the endpoint of the region and its answer, and nothing else. */
const operations: Readonly<Record<string, RegExp>> = {
  KMS: reading,
  EC2: reading,
  RDS: reading,
  // What names a bucket goes to an endpoint of its own, and is checked in ways of its own.
  S3: /^List(?:Directory)?Buckets$/,
};

/** What the SDK's steps hand on. */
export interface Args {
  readonly input: object;
  readonly request?: IHttpRequest;
  readonly signing?: Signing;
}
export interface Answer {
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly output?: { readonly $metadata?: Record<string, unknown> };
}
export type Send = (args: Args) => Promise<Answer>;
export type Step = (next: Send, context: object) => Send;

export interface SdkClient {
  readonly config: object;
  send(command: object, ...options: readonly object[]): Promise<object>;
}

type SignerSettings = ConstructorParameters<typeof SignatureV4>[0];

/** What of a client's settings calls are made with. */
interface Config extends Pick<SignerSettings, 'credentials' | 'sha256'> {
  readonly serviceId: string;
  readonly defaultSigningName: string;
  readonly requestHandler: NodeHttpHandler;
  readonly disableClockSkewCorrection: () => Promise<boolean>;
  region(): Promise<string>;
}

interface Command {
  readonly input: object;
  /** Its name is the third. */
  readonly schema?: readonly [kind: number, namespace: string, name: string, ...unknown[]];
  readonly constructor: object;
}

/** By whom calls are signed, as the SDK's signer is told. */
interface Signing {
  readonly config: object;
}

/** Steps of ours. */
interface Around {
  /** Around a request as it goes out. */
  readonly sent: (service: string, region: string) => Step;
  /** Around an answer that was read. */
  readonly read: Step;
}

/**
 * Makes the calls that a crawl consists of without the SDK's stack of middleware, from the SDK's own parts: its protocol
 * writes the request and reads the answer, its signer signs, its handler sends. The stack finds out for each client anew
 * what is the same for all accounts in a region: the endpoint, the settings of the environment, who is asking. That was
 * more than half of what a call costs.
 */
export class DirectReads {
  readonly #routes = new Map<object, Map<string, Route>>();
  readonly #around: Around;
  readonly #clock: Clock = { offset: 0 };

  constructor(around: Around) {
    this.#around = around;
  }

  /** Has a client read this way; all else it does as the SDK has it. */
  give(client: SdkClient, Client: object, region: string): void {
    const config = client.config as Config;
    const direct = operations[config.serviceId];
    if (direct === undefined) return;
    const route = this.#route(config, Client, region);
    const send = client.send.bind(client);
    let signing: Signing | undefined;
    client.send = async (command, ...options) => {
      const { schema } = command as Command;
      // With options, and be they none, a command is sent whole, with the steps that were added to it.
      const whole = options.length > 0 || schema === undefined || !direct.test(schema[2]);
      if (whole) return send(command, ...options);
      signing ??= signingOf(config, this.#clock);
      return route.send(command as Command, signing);
    };
  }

  #route(config: Config, Client: object, region: string): Route {
    const regions = this.#routes.get(Client) ?? new Map<string, Route>();
    this.#routes.set(Client, regions);
    const found = regions.get(region);
    if (found !== undefined) return found;
    const made = new Route(config, region, this.#around);
    regions.set(region, made);
    return made;
  }
}

/** How far AWS's clock is from ours, as the SDK's signer learns it. */
interface Clock {
  offset: number;
}

function signingOf({ credentials, sha256, defaultSigningName, disableClockSkewCorrection }: Config, clock: Clock): Signing {
  // Told with each call what it is for; these only stand in.
  const by = new SignatureV4({ credentials, sha256, region: '', service: defaultSigningName });
  const signer = () => Promise.resolve(by);
  return {
    config: {
      signer,
      disableClockSkewCorrection,
      get systemClockOffset() {
        return clock.offset;
      },
      set systemClockOffset(offset: number) {
        clock.offset = offset;
      },
    },
  };
}

const sigV4 = new AwsSdkSigV4Signer();

/** The way to one service in one region, whoever goes it. */
class Route {
  readonly #config: Config;
  readonly #serialize: Step;
  readonly #answered: Step;
  readonly #operations = new Map<string, Promise<Send>>();

  constructor(config: Config, region: string, { sent, read }: Around) {
    this.#config = config;
    const steps: Step[] = [];
    const stack = { add: (step: Step) => steps.push(step) };
    getSchemaSerdePlugin(ofProtocol(config) as never).applyToStack(stack as never);
    const [serialize, deserialize] = steps;
    if (serialize === undefined || deserialize === undefined) throw new Error('The SDK has no steps for its protocol');
    const watch = sent(config.serviceId, region);
    this.#serialize = serialize;
    this.#answered = (next, context) => read(deserialize(watch(next, context), context), context);
  }

  /** Rejects as the SDK's client does. */
  async send(command: Command, signing: Signing): Promise<object> {
    const name = command.schema?.[2] ?? '';
    let operation = this.#operations.get(name);
    if (operation === undefined) this.#operations.set(name, (operation = this.#operation(command)));
    const send = await operation;
    const { output } = await send({ input: command.input, signing });
    return output as object;
  }

  /** The same for all calls of an operation. */
  async #operation(command: Command): Promise<Send> {
    const { requestHandler, defaultSigningName, region } = this.#config;
    const endpointV2 = await getEndpointFromInstructions({}, command.constructor, { ...this.#config } as never);
    const [scheme] = endpointV2.properties?.authSchemes ?? [];
    const { signingName = defaultSigningName, signingRegion = await region() } = scheme ?? {};
    const context = { endpointV2 };
    getSmithyContext(context)['operationSchema'] = command.schema;
    const answered = this.#answered(({ request }) => requestHandler.handle(request as HttpRequest), context);
    const same = { scope: { signingName, signingRegion, context: {} }, agent: await this.#userAgent() };
    return this.#serialize((args) => signed(args, same, answered), context);
  }

  /** The headers that say who is asking. */
  async #userAgent(): Promise<object> {
    const request = new HttpRequest({});
    const none = () => Promise.resolve({ output: {}, response: undefined });
    await userAgentMiddleware(this.#config as never)(none as never, {})({ request, input: {} });
    return request.headers;
  }
}

/** The settings that a protocol has a use for: its steps copy all that they are given, twice for each call. */
function ofProtocol(config: object): object {
  const used = /^(?:protocol|streamCollector|disableHostPrefix|(?:base64|utf8)(?:De|En)coder)$/;
  return Object.fromEntries(Object.entries(config).filter(([name]) => used.test(name)));
}

/** Signs a request, sends it, and learns from its answer what time it is at AWS. */
async function signed(
  args: Args,
  { scope, agent }: { readonly scope: object; readonly agent: object },
  answered: Send,
): Promise<Answer> {
  const { request, signing } = args;
  if (request === undefined || signing === undefined) throw new Error('There is nothing to sign');
  const { hostname, port } = request;
  const body = request.body as string | Uint8Array | undefined;
  Object.assign(request.headers, agent, { host: port === undefined ? hostname : `${hostname}:${String(port)}` });
  if (body !== undefined) request.headers['content-length'] = String(Buffer.byteLength(body));
  // The signer keeps in it when it signed.
  const properties = { ...scope, ...signing };
  const ready = await sigV4.sign(request, undefined as never, properties);
  try {
    const answer = await answered({ ...args, request: ready });
    sigV4.successHandler(answer.response, properties);
    return answer;
  } catch (error) {
    return sigV4.errorHandler(properties)(error as Error);
  }
}
