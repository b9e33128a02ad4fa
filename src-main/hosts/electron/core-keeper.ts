/** Keeps a core process running: starts it, starts another when it crashes, and ends it when the app is quit. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CoreCrash } from '../../contract/desktop/desktop.ts';
import type { CoreChild, CoreRequests } from './core-child.ts';

/** Where a core that runs can be reached. */
export interface RunningCore {
  readonly ask: CoreRequests;
  readonly pid: number | null;
  /** A Unix socket or a named pipe. */
  readonly address: string;
  /** The secret of each request there. */
  readonly key: string;
}

export interface CoreKeeperOptions {
  readonly spawn: () => CoreChild;
  readonly documents: string;
  readonly electron: string;
  /** Called at each crash. */
  readonly crashed: (crash: CoreCrash) => void;
  /** Called when it crashed so often that starting it again would not help. `again` tries once more. */
  readonly gaveUp: (crash: CoreCrash, again: () => void) => void;
}

/** So many crashes within so many milliseconds mean that the next core would crash as well. */
const mostCrashes = 3;
const crashMilliseconds = 60_000;
/** Milliseconds for runs to end their step and write a checkpoint on a slow disk. */
const closingMilliseconds = 60_000;
/** Milliseconds for a core that has closed to end. */
const endingMilliseconds = 5_000;

export class CoreKeeper {
  readonly #options: CoreKeeperOptions;
  #child: CoreChild | null = null;
  #running: Promise<RunningCore>;
  #crashes: number[] = [];
  #lastCrash: CoreCrash | null = null;
  #project: string | null = null;
  #isClosing = false;

  /** Starts the first core. */
  constructor(options: CoreKeeperOptions) {
    this.#options = options;
    this.#running = this.#launch();
  }

  /**
   * The core, as soon as it listens. After a crash that of the next one.
   * @throws Error once it was given up
   */
  running(): Promise<RunningCore> {
    return this.#running;
  }

  /** The project that is open now, for the core after a crash. */
  projectChanged(folder: string | null): void {
    this.#project = folder;
  }

  /** Brings the core to a clean stop; one that takes too long is ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const child = this.#child;
    if (child === null) return;
    const asked = child.ask.close().catch(() => undefined);
    await Promise.race([asked, child.ended, wait(closingMilliseconds, null, { ref: false })]);
    child.release();
    await Promise.race([child.ended, wait(endingMilliseconds, null, { ref: false })]);
    child.kill();
  }

  #launch(): Promise<RunningCore> {
    const running = this.#start();
    // Whoever needs it is told; until then nobody may be waiting.
    running.catch(() => undefined);
    return running;
  }

  async #start(): Promise<RunningCore> {
    const { spawn, documents, electron } = this.#options;
    const child = spawn();
    this.#child = child;
    void child.ended.then((exit) => this.#ended(exit));
    const crash = this.#lastCrash;
    try {
      const { address, key } = await child.ask.start({ documents, electron, crash, reopen: this.#project });
      return { ask: child.ask, pid: child.pid, address, key };
    } catch (thrown) {
      // It runs and cannot be used: its end is seen to like a crash.
      child.kill();
      const { stderr } = await child.ended;
      throw new Error(`The core did not start. ${stderr}`, { cause: thrown });
    }
  }

  #ended(crash: CoreCrash): void {
    this.#child = null;
    if (this.#isClosing) return;
    this.#lastCrash = crash;
    this.#options.crashed(crash);
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashMilliseconds), now];
    if (this.#crashes.length < mostCrashes) {
      this.#running = this.#launch();
      return;
    }
    this.#running = Promise.reject(new Error('The core crashes again and again.'));
    this.#running.catch(() => undefined);
    this.#options.gaveUp(crash, () => {
      this.#crashes = [];
      this.#running = this.#launch();
    });
  }
}
