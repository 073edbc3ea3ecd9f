import { AtrestError } from '#model/errors.js';
import { classify, type Failure } from './failure.js';

/** Failures in a row after which an endpoint is left alone. */
const failuresMax = 3;
/** What has answered before may come back: for so long it is tried on. */
const patienceMs = 15_000;
/** Answers that were on their way when the network went. */
const lateAnswersMs = 2_000;
/** An endpoint that is left alone is tried again after this long, each time twice as long. */
const firstPauseMs = 30_000;
const longestPauseMs = 600_000;

/** In place of a call to an endpoint that is down: nothing was sent. */
export class EndpointDown extends Error {
  override readonly name = 'EndpointDown';
  readonly failure: Failure;

  constructor(endpoint: string, code: string) {
    super(`${endpoint} does not answer (${code}) and is left alone for a while`);
    this.failure = { class: 'unreachable', code, message: this.message, status: null, deniedBy: null };
  }
}

/** What is known of one endpoint, or of all of a region. */
class Circuit {
  readonly name: string;
  answeredAt: number | undefined;
  failures = 0;
  failingSince = 0;
  #code = '';
  #openUntil: number | undefined;
  #pauseMs = firstPauseMs;

  constructor(name: string) {
    this.name = name;
  }

  /** Rejects while it is down; when its time is over lets one call through, to see. */
  check(now: number): void {
    if (this.#openUntil === undefined) return;
    if (now < this.#openUntil) throw new EndpointDown(this.name, this.#code);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#openUntil = now + this.#pauseMs;
  }

  answered(now: number): void {
    this.answeredAt = now;
    this.failures = 0;
    this.#openUntil = undefined;
    this.#pauseMs = firstPauseMs;
  }

  /** Answers whether it has failed often enough, and for long enough, to be left alone. */
  failed(code: string, sentAt: number, now: number): boolean {
    // What was answered meanwhile says more than a call that was not.
    if (this.answeredAt !== undefined && this.answeredAt > sentAt) return false;
    if (this.failures === 0) this.failingSince = sentAt;
    this.failures += 1;
    this.#code = code;
    if (this.failures < failuresMax || this.#openUntil !== undefined) return false;
    return this.answeredAt === undefined || now - this.failingSince >= patienceMs;
  }

  leaveAlone(now: number): void {
    this.#openUntil = now + this.#pauseMs;
  }
}

interface Sent {
  readonly request: { readonly hostname: string; readonly port?: number };
}
interface MiddlewareStack {
  add(middleware: (next: (args: never) => Promise<object>) => (args: never) => Promise<object>, options: object): void;
}

/**
 * Keeps calls from waiting for what does not answer. An endpoint of a region to which three connections in a row failed
 * is left alone for a while, and so is a region of which nothing answered while three calls ran into their timeout.
 * When nothing at all answers any more it is our own network that is gone: the run is stopped, so that it can be resumed.
 */
export class Breaker {
  readonly #endpoints = new Map<string, Circuit>();
  readonly #regions = new Map<string, Circuit>();
  #answeredAt = Number.NEGATIVE_INFINITY;
  readonly #stop: (reason: AtrestError) => void;

  constructor(stop: (reason: AtrestError) => void) {
    this.#stop = stop;
  }

  /** Watches the requests of a client, each as it goes out. */
  guard(stack: MiddlewareStack, region: string): void {
    stack.add((next) => (args) => this.#send(next, args, region), { step: 'deserialize', name: 'breaker', priority: 'low' });
  }

  async #send(next: (args: never) => Promise<object>, args: never, region: string): Promise<object> {
    const { hostname, port } = (args as Sent).request;
    const host = port === undefined ? hostname : `${hostname}:${String(port)}`;
    const endpoint = circuitOf(this.#endpoints, `${host} in ${region}`);
    const whole = circuitOf(this.#regions, region);
    const sentAt = performance.now();
    endpoint.check(sentAt);
    whole.check(sentAt);
    try {
      const answer = await next(args);
      this.#answeredAt = performance.now();
      endpoint.answered(this.#answeredAt);
      whole.answered(this.#answeredAt);
      return answer;
    } catch (error) {
      this.#failed(classify(error), endpoint, whole, sentAt);
      throw error;
    }
  }

  #failed({ class: kind, code }: Failure, endpoint: Circuit, whole: Circuit, sentAt: number): void {
    const now = performance.now();
    if (code === 'EMFILE' || code === 'ENFILE') {
      this.#stop(new AtrestError('stopped', 'Too many open files.', { hint: 'Allow more (`ulimit -n 4096`)' }));
    } else if (kind === 'unreachable') {
      if (!endpoint.failed(code, sentAt, now)) return;
      const lost = this.#lostSince();
      if (lost === undefined) endpoint.leaveAlone(now);
      else if (now - lost >= patienceMs) this.#stop(networkGone(endpoint.name, code));
    } else if (code === 'ETIMEDOUT' || code === 'TimeoutError') {
      if (whole.failed(code, sentAt, now)) whole.leaveAlone(now);
    }
  }

  /** Since when an endpoint that did answer is failing, if nothing else has answered since. */
  #lostSince(): number | undefined {
    const lost = [...this.#endpoints.values()].filter(
      ({ answeredAt, failures, failingSince }) =>
        answeredAt !== undefined && failures > 0 && this.#answeredAt <= failingSince + lateAnswersMs,
    );
    return lost.length === 0 ? undefined : Math.max(this.#answeredAt, Math.min(...lost.map(({ failingSince }) => failingSince)));
  }
}

function circuitOf(circuits: Map<string, Circuit>, name: string): Circuit {
  const found = circuits.get(name);
  if (found !== undefined) return found;
  const made = new Circuit(name);
  circuits.set(name, made);
  return made;
}

function networkGone(endpoint: string, code: string): AtrestError {
  return new AtrestError('stopped', `Nothing answers any more, ${endpoint} last (${code}).`, {
    hint: 'Check the network, DNS and proxy',
  });
}
