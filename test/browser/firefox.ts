import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const executable = process.env['ATREST_FIREFOX'] ?? '/usr/bin/firefox-esr';

/** Why the suite cannot run here; undefined when it can. */
export const whyNoFirefox: string | undefined = existsSync(executable)
  ? undefined
  : `no Firefox at ${executable}: set ATREST_FIREFOX to its path to run the report in it too`;

/** Nothing of the browser's own shall ask the network or speak up. */
const preferences = {
  'marionette.port': 0,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/**
 * A headless Firefox, driven by Marionette, which is built into it: playwright-core wants a Firefox of its own, and
 * selenium-webdriver a driver that Debian does not have.
 */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #received = Buffer.alloc(0);
  #sent = 0;

  private constructor(process: ChildProcess, profile: string, socket: Socket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#read();
    });
  }

  static async launch(): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'atrest-firefox-'));
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const args = ['--headless', '--no-remote', '--marionette', '--remote-allow-system-access', '--profile', profile];
    const child = spawn(executable, args, { stdio: 'ignore', env: { ...process.env, HOME: profile } });
    const firefox = new Firefox(child, profile, connect(await portOf(profile), '127.0.0.1'));
    await firefox.#ask('WebDriver:NewSession', {});
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.#ask('WebDriver:Navigate', { url });
  }

  /** What an expression over the page's document is. */
  async evaluate<Value>(expression: string): Promise<Value> {
    return ((await this.#ask('WebDriver:ExecuteScript', { script: `return ${expression}`, args: [] })) as { value: Value }).value;
  }

  /** Types into the first element that the selector fits. */
  async type(using: string, text: string): Promise<void> {
    const found = (await this.#ask('WebDriver:FindElement', { using: 'css selector', value: using })) as {
      value: Record<string, string>;
    };
    const [id] = Object.values(found.value);
    await this.#ask('WebDriver:ElementSendKeys', { id, text });
  }

  /** Errors and warnings that a page of this address left in the console. */
  async complaints(url: string): Promise<readonly string[]> {
    await this.#ask('Marionette:SetContext', { value: 'chrome' });
    const messages = await this.evaluate<readonly { readonly from: string; readonly text: string }[]>(
      'Services.console.getMessageArray().map((each) => ({ from: each.sourceName ?? "", text: each.errorMessage ?? each.message }))',
    );
    await this.#ask('Marionette:SetContext', { value: 'content' });
    return messages.filter(({ from, text }) => from.startsWith(url) || text.includes(url)).map(({ text }) => text);
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#socket.destroy();
    this.#process.kill();
    await gone;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #ask(command: string, parameters: object): Promise<unknown> {
    const id = (this.#sent += 1);
    const message = JSON.stringify([0, id, command, parameters]);
    this.#socket.write(`${String(Buffer.byteLength(message))}:${message}`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Answers come as a length, a colon and JSON; a greeting without an id comes first. */
  #read(): void {
    for (;;) {
      const colon = this.#received.indexOf(':');
      const end = colon + 1 + Number(this.#received.toString('latin1', 0, Math.max(colon, 0)));
      if (colon < 0 || this.#received.length < end) return;
      const answer = JSON.parse(this.#received.toString('utf8', colon + 1, end)) as unknown;
      this.#received = this.#received.subarray(end);
      if (!Array.isArray(answer)) continue;
      const [, id, error, result] = answer as [number, number, { message: string } | null, unknown];
      if (error === null) this.#waiting.get(id)?.resolve(result);
      else this.#waiting.get(id)?.reject(new Error(error.message));
    }
  }
}

/** Firefox takes a free port and writes it down. */
async function portOf(profile: string): Promise<number> {
  for (let tries = 0; tries < 300; tries += 1) {
    const port = Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8').catch(() => ''));
    if (port > 0) return port;
    await setTimeout(100);
  }
  throw new Error('Firefox did not start within half a minute');
}
