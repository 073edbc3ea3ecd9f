import { AtrestError } from '#model/errors.js';
import type { Answer, Args, Send, Step } from './direct-reads.js';
import { classify, type Failure } from './failure.js';

/** Failures in a row after which an endpoint is left alone. */
const failuresMax = 3;
/** What has answered before may come back: for so long it is tried on. */
const patienceMs = 15_000;
/** In so long it shows whether others answer: of a network that goes, some answers are still on their way. */
const settlingMs = 2_000;
/** What may take so long to answer, of the time that all others have, at an endpoint from which nothing has come since a call ran into its timeout. */
const probeShare = 0.3;
const shortestProbeMs = 500;
/** An endpoint that is left alone is tried again after this long, each time twice as long. */
const firstPauseMs = 30_000;
const longestPauseMs = 600_000;

/** In place of a call to an endpoint that is down: nothing was sent. */
export class EndpointDown extends Error {
  override readonly name = 'EndpointDown';
  readonly failure: Failure;

  constructor(endpoint: string, { code, message }: Pick<Failure, 'code' | 'message'>) {
    super(`${message}; ${endpoint} is left alone for a while`);
    this.failure = { class: 'unreachable', code, message: this.message, status: null, deniedBy: null };
  }
}

/** What is known of one endpoint, or of all of a region. */
class Circuit {
  readonly name: string;
  answeredAt: number | undefined;
  failures = 0;
  failingSince = 0;
  /** Since when nothing has been answered, if a call ran into its timeout meanwhile. */
  silentSince: number | undefined;
  #last: Pick<Failure, 'code' | 'message'> = { code: '', message: '' };
  #openUntil: number | undefined;
  #pauseMs = firstPauseMs;

  constructor(name: string) {
    this.name = name;
  }

  /** Rejects while it is down; when its time is over lets one call through, to see. */
  check(now: number): void {
    if (this.#openUntil === undefined) return;
    if (now < this.#openUntil) throw new EndpointDown(this.name, this.#last);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#openUntil = now + this.#pauseMs;
  }

  answered(now: number): void {
    this.answeredAt = now;
    this.failures = 0;
    this.silentSince = undefined;
    this.#openUntil = undefined;
    this.#pauseMs = firstPauseMs;
  }

  /** Answers whether it has failed often enough to be left alone; what never answered, for longer than `patience`. */
  failed(failure: Failure, sentAt: number, now: number, patience: number): boolean {
    // What was answered meanwhile says more than a call that was not.
    if (this.answeredAt !== undefined && this.answeredAt > sentAt) return false;
    if (this.failures === 0) this.failingSince = sentAt;
    this.failures += 1;
    this.#last = failure;
    if (this.failures < failuresMax || this.#openUntil !== undefined) return false;
    return now - this.failingSince >= (this.answeredAt === undefined ? patience : patienceMs);
  }

  /** A call ran into its timeout; answers whether it is to be left alone, when that has gone on for so long. */
  timedOut(failure: Failure, sentAt: number, now: number): boolean {
    if (this.answeredAt !== undefined && this.answeredAt > sentAt) return false;
    const again = this.silentSince !== undefined && this.silentSince < sentAt;
    this.silentSince ??= sentAt;
    this.#last = failure;
    return again && this.#openUntil === undefined && now - this.silentSince >= patienceMs;
  }

  leaveAlone(now: number): void {
    this.#openUntil = now + this.#pauseMs;
  }
}

/** Whose requests are watched. */
interface Watched {
  readonly service: string;
  readonly region: string;
}

/**
 * Keeps calls from waiting for what does not answer. An endpoint of a region to which three connections in a row failed,
 * for two seconds at least, is left alone for a while, and so is a region of which nothing answered while three calls ran into their timeout.
 * A service in a region that let a call run into its timeout and has answered nothing since has less time for the next
 * one, and is left alone when that goes by too: to find out that it hangs costs less than half a minute.
 * When nothing at all answers any more it is our own network that is gone: the run is stopped, so that it can be resumed.
 */
export class Breaker {
  readonly #endpoints = new Map<string, Circuit>();
  readonly #regions = new Map<string, Circuit>();
  #answeredAt = Number.NEGATIVE_INFINITY;
  readonly #services = new Map<string, Circuit>();
  readonly #probeMs: number;
  readonly #stop: (reason: AtrestError) => void;

  constructor(requestTimeoutMs: number, stop: (reason: AtrestError) => void) {
    this.#probeMs = Math.min(requestTimeoutMs, Math.max(shortestProbeMs, probeShare * requestTimeoutMs));
    this.#stop = stop;
  }

  /** Watches requests to a service in a region, each as it goes out. */
  watch(service: string, region: string): Step {
    return (next) => (args) => this.#send(next, args, { service, region });
  }

  /** Services in regions from which nothing has come since a call ran into its timeout. */
  get silent(): readonly string[] {
    return [...this.#services.values()].flatMap(({ name, silentSince }) => (silentSince === undefined ? [] : [name]));
  }

  /** Takes over what another process has found to be silent, and waited for already. */
  addSilent(names: readonly string[]): void {
    for (const name of names) circuitOf(this.#services, name).silentSince ??= performance.now() - patienceMs;
  }

  async #send(next: Send, args: Args, { service, region }: Watched): Promise<Answer> {
    const { hostname = '', port } = args.request ?? {};
    const host = port === undefined ? hostname : `${hostname}:${String(port)}`;
    const endpoint = circuitOf(this.#endpoints, `${host} in ${region}`);
    const whole = circuitOf(this.#regions, region);
    const one = circuitOf(this.#services, `${service} in ${region}`);
    const circuits = [endpoint, whole, one];
    const sentAt = performance.now();
    for (const circuit of circuits) circuit.check(sentAt);
    const probing = one.silentSince !== undefined;
    try {
      const answered = next(args).then((answer) => {
        this.#answeredAt = performance.now();
        for (const circuit of circuits) circuit.answered(this.#answeredAt);
        return answer;
      });
      return await (probing ? within(this.#probeMs, answered) : answered);
    } catch (error) {
      this.#failed(classify(error), { endpoint, whole, one }, sentAt);
      throw error;
    }
  }

  #failed(
    failure: Failure,
    { endpoint, whole, one }: Readonly<Record<'endpoint' | 'whole' | 'one', Circuit>>,
    sentAt: number,
  ): void {
    const now = performance.now();
    const { class: kind, code } = failure;
    if (code === 'EMFILE' || code === 'ENFILE') {
      this.#stop(new AtrestError('stopped', 'Too many open files.', { hint: 'Allow more (`ulimit -n 4096`)' }));
    } else if (kind === 'unreachable') {
      // Before anything has answered there is nothing to compare with.
      if (!endpoint.failed(failure, sentAt, now, this.#answeredAt > 0 ? settlingMs : 0)) return;
      const lost = this.#lostSince();
      if (lost === undefined) endpoint.leaveAlone(now);
      else if (now - lost >= patienceMs) this.#stop(networkGone(endpoint.name, code));
    } else if (code === 'ETIMEDOUT' || code === 'TimeoutError') {
      if (one.timedOut(failure, sentAt, now)) one.leaveAlone(now);
      if (whole.failed(failure, sentAt, now, 0)) whole.leaveAlone(now);
    }
  }

  /** Since when an endpoint that did answer is failing, if nothing else has answered since. */
  #lostSince(): number | undefined {
    const lost = [...this.#endpoints.values()].filter(
      ({ answeredAt, failures, failingSince }) =>
        answeredAt !== undefined && failures > 0 && this.#answeredAt <= failingSince + settlingMs,
    );
    return lost.length === 0 ? undefined : Math.max(this.#answeredAt, Math.min(...lost.map(({ failingSince }) => failingSince)));
  }
}

/** What comes later still counts as an answer of its endpoint, but nobody waits for it. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error(`No answer within ${String(ms)} ms`), { name: 'TimeoutError' }));
    }, ms);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
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
