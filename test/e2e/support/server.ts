/** A Lenslet of its own for one test: a fresh home folder, a free port, the real engine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const checkout = resolve(import.meta.dirname, '..', '..', '..');
const node = join(checkout, 'node_modules', '.bin', 'node');

/** A running server. */
export class LensletServer {
  readonly home: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #options: readonly string[];
  #process: ChildProcess | null = null;
  #errors = '';
  url = '';

  private constructor(
    home: string,
    environment: Readonly<Record<string, string>>,
    options: readonly string[],
  ) {
    this.home = home;
    this.#environment = environment;
    this.#options = options;
  }

  /**
   * Starts a server over an empty home folder.
   * @param environment set for it besides
   * @param options of `lenslet serve` besides
   */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Promise<LensletServer> {
    const home = await mkdtemp(join(tmpdir(), 'lenslet-e2e-'));
    const server = new LensletServer(home, environment, options);
    await server.#launch('0');
    return server;
  }

  /** The address without the token. */
  get origin(): string {
    return new URL(this.url).origin;
  }

  /** Where projects made in the app lie. */
  get projects(): string {
    return join(this.home, 'projects');
  }

  /** Its process id. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** What the server wrote to stderr. */
  get errors(): string {
    return this.#errors;
  }

  /** Kills the server and starts another on the same port and home, as after a crash. */
  async restart(): Promise<void> {
    const { port } = new URL(this.url);
    await this.#end('SIGKILL');
    await this.#launch(port);
  }

  /** Ends the server and removes what it left. */
  async close(): Promise<void> {
    await this.#end('SIGINT');
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #launch(port: string): Promise<void> {
    const args = ['src-main/hosts/cli.ts', 'serve', '--no-open', '--port', port, ...this.#options];
    // Networks that set-up brought to this machine are left out: what is shown must not depend on it.
    const own = { LENSLET_HOME: this.home, LENSLET_CACHE: join(this.home, 'cache') };
    const env = { ...process.env, ...own, ...this.#environment };
    const child = spawn(node, args, { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.url = await new Promise<string>((found, failed) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('?token=')) found(line.trim());
      });
      child.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${this.#errors}`)));
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(patience);
  }
}
