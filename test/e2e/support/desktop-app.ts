/** The desktop app on the stand-in for Electron: its own process, with a Chromium whose page is the window. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Browser, type Page, chromium } from '@playwright/test';
import type { Act, State } from '../../fixtures/electron/control.ts';

const checkout = resolve(import.meta.dirname, '..', '..', '..');
const node = join(checkout, 'node_modules', '.bin', 'node');
const register = join(checkout, 'test', 'fixtures', 'electron', 'register.ts');
const program = join(checkout, 'build', 'main', 'electron-main.js');

export class DesktopApp {
  readonly home: string;
  #process: ChildProcess | null = null;
  #browser: Browser | null = null;
  #errors = '';
  #acts = 0;
  url = '';

  private constructor(home: string) {
    this.home = home;
  }

  /** Starts it over an empty home folder. @param words after the program's name */
  static async start(words: readonly string[] = []): Promise<DesktopApp> {
    const app = new DesktopApp(await mkdtemp(join(tmpdir(), 'lenslet-e2e-')));
    await app.#launch(words);
    return app;
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** Where projects made in the app lie. */
  get projects(): string {
    return join(this.home, 'projects');
  }

  /** The process id of Electron's main process. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** What the program wrote to stderr. */
  get errors(): string {
    return this.#errors;
  }

  /** The window. */
  async page(): Promise<Page> {
    const { endpoint } = await this.act({ do: 'look' });
    this.#browser ??= await chromium.connectOverCDP(endpoint);
    const pages = this.#browser.contexts()[0].pages();
    const page = pages.find((one) => one.url().startsWith(this.origin));
    if (page === undefined) throw new Error(`no window among ${pages.map((one) => one.url()).join(', ')}`);
    await page.setViewportSize({ width: 1280, height: 800 });
    return page;
  }

  /** Acts as the user or the system, and looks at what has no page. */
  async act(act: Act): Promise<State> {
    const id = ++this.#acts;
    const child = this.#process!;
    const answered = new Promise<State>((found) => {
      const listen = (message: { id: number; state: State }): void => {
        if (message.id !== id) return;
        child.off('message', listen as never);
        found(message.state);
      };
      child.on('message', listen as never);
    });
    child.send({ id, act });
    return answered;
  }

  /** Starts the program once more, as a file manager would, and waits until that one has ended. */
  async startAgain(words: readonly string[]): Promise<number | null> {
    const second = this.#spawn(words);
    const [code] = (await once(second, 'exit')) as [number | null];
    return code;
  }

  /** The process ids of core processes. */
  async cores(): Promise<number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-e', '-o', 'pid=,ppid=,args=']);
    return stdout
      .split('\n')
      .filter((line) => line.includes('core-process') && Number(line.trim().split(/\s+/)[1]) === this.pid)
      .map((line) => Number.parseInt(line, 10));
  }

  /** Kills the core process, as a crash would, and waits until there is another. */
  async restart(): Promise<void> {
    const before = await this.cores();
    for (const pid of before) process.kill(pid, 'SIGKILL');
    for (let fresh: number[] = []; fresh.length === 0; await wait(50)) {
      fresh = (await this.cores()).filter((pid) => !before.includes(pid));
    }
  }

  /** Quits it, and removes what it left. */
  async close(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    await this.#browser?.close().catch(() => undefined);
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await gone;
      clearTimeout(patience);
    }
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #spawn(words: readonly string[]): ChildProcess {
    const own = { LENSLET_HOME: this.home, LENSLET_CACHE: join(this.home, 'cache') };
    return spawn(node, ['--import', register, program, ...words], {
      cwd: checkout,
      env: { ...process.env, ...own },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  }

  async #launch(words: readonly string[]): Promise<void> {
    const child = this.#spawn(words);
    this.#process = child;
    child.stderr?.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    await new Promise<void>((found, failed) => {
      child.once('message', () => found());
      child.once('exit', (code) => failed(new Error(`the app ended with ${code}: ${this.#errors}`)));
    });
    const { origin } = await this.act({ do: 'look' });
    this.url = `${origin}/`;
  }
}
