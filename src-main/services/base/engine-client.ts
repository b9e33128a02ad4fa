/**
 * The main process's side of the engine: starts its process when it is first needed, starts it again after a crash,
 * and turns every way a request can fail into an `AppError`.
 */
import { createORPCClient } from '@orpc/client';
import { type ContractRouterClient } from '@orpc/contract';
import type { AppEvent, EngineStatus } from '../../contract/app/app.ts';
import type { EngineExplainContract } from '../../contract/engine/explain.ts';
import type { EngineDescription, EngineProcessContract } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { fromWire } from './wire-errors.ts';
import { EventHub } from '../../core/jobs/event-hub.ts';
import type { EngineChild, SpawnEngine } from './engine-child.ts';
import { EngineDied, countMemoryKills, diedOfMemory } from './engine-exit.ts';

/** The requests of the engine process, typed. */
export type EngineProcess = ContractRouterClient<EngineProcessContract & { explain: EngineExplainContract }>;

/** What the engine client is made of. */
export interface EngineClientOptions {
  readonly spawn: SpawnEngine;
  /** What a process that is started now gets into its environment. */
  readonly environment?: () => Readonly<Record<string, string>>;
  readonly events: EventHub<AppEvent>;
  readonly log: (message: string, detail?: unknown) => void;
}

/** A process with its client and how it ended. */
interface ActiveEngine {
  readonly child: EngineChild;
  readonly process: EngineProcess;
  readonly description: Promise<EngineDescription>;
  readonly died: Promise<EngineDied>;
  /** How it ended, once it has. */
  death: EngineDied | null;
  /** Fails the requests under way. A reaction to `died` for each would stay, with its result, as long as the process. */
  readonly requests: Set<(death: EngineDied) => void>;
  /** It has described itself. */
  ready: boolean;
  /** Its environment differs from the one that a new process would get. */
  outdated: boolean;
}

/** Milliseconds an engine gets to end by itself. */
const shutdownGrace = 2000;
/** Milliseconds to wait for a process's exit event after its connection closed. */
const exitGrace = 5000;

const initialStatus: EngineStatus = {
  state: 'starting',
  engine: null,
  device: null,
  version: null,
  slow: false,
  rejected: [],
  error: null,
};

export class EngineClient {
  readonly #options: EngineClientOptions;
  #active: ActiveEngine | null = null;
  #status: EngineStatus = initialStatus;
  #tasks = 0;
  #closing = false;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  /** What runs now. `starting` also before the first start. */
  status(): EngineStatus {
    return this.#status;
  }

  /** Starts the engine in the background, so that the first request finds it ready. */
  warmUp(): void {
    // A failure is in the status then, and thrown by the request that needs the engine.
    this.describe().catch(() => undefined);
  }

  /**
   * Runs requests against the engine, starting it when needed. While `work` lasts, the engine counts as busy.
   * @throws AppError of the engine, CANCELLED; EngineDied when the process ended meanwhile
   */
  async use<T>(work: (engine: EngineProcess) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const active = this.#start();
    this.#count(1);
    try {
      await active.description;
      return await untilDeath(active, work);
    } catch (error) {
      throw await this.#explain(error, active, signal);
    } finally {
      this.#count(-1);
    }
  }

  /** As `use`, with a dead engine as an AppError: for work that has no batch size to blame. */
  async ask<T>(work: (engine: EngineProcess) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await this.use(work, signal);
    } catch (error) {
      throw error instanceof EngineDied ? error.toAppError() : error;
    }
  }

  /** Which engine was chosen. @throws AppError BACKEND_UNAVAILABLE, BACKEND_CRASHED */
  async describe(): Promise<EngineDescription> {
    try {
      return await this.#start().description;
    } catch (error) {
      throw error instanceof EngineDied ? error.toAppError() : error;
    }
  }

  /**
   * Replaces the process by one with the present environment, as soon as it has nothing to do.
   * @returns false when that has to wait
   */
  renew(): boolean {
    if (this.#active !== null) this.#active.outdated = true;
    this.#replaceOutdated();
    return !this.isOutdated();
  }

  /** True while the process still has an environment from before. */
  isOutdated(): boolean {
    return this.#active?.outdated === true;
  }

  #replaceOutdated(): void {
    const active = this.#active;
    // One that has not described itself yet is waited for: ending it would fail the requests that wait for it.
    if (active === null || !active.outdated || !active.ready || this.#tasks > 0 || this.#closing) return;
    this.#active = null;
    void this.#end(active);
    this.warmUp();
  }

  /** A second engine with its own environment, which emits no events. The caller closes it. */
  createSecond(environment: Readonly<Record<string, string>>): EngineClient {
    const { spawn, log } = this.#options;
    return new EngineClient({
      spawn: () => spawn(environment),
      events: new EventHub(() => ''),
      log,
    });
  }

  /** Ends the process at once, e.g. when it does not react. The next request starts a new one. */
  kill(): void {
    this.#active?.child.kill();
  }

  /** Ends the engine; requests after this start none. */
  async close(): Promise<void> {
    this.#closing = true;
    const active = this.#active;
    if (active !== null) await this.#end(active);
  }

  async #end(active: ActiveEngine): Promise<void> {
    void active.process.shutdown().catch(() => undefined);
    const timer = setTimeout(() => active.child.kill(), shutdownGrace);
    await active.died;
    clearTimeout(timer);
  }

  #start(): ActiveEngine {
    if (this.#active !== null) return this.#active;
    if (this.#closing) throw new AppError('BACKEND_UNAVAILABLE', { reason: 'Lenslet is closing' });
    const memoryKills = countMemoryKills();
    const child = this.#options.spawn(this.#options.environment?.());
    const died = new Promise<EngineDied>((resolve) => {
      child.onExit((exit) => resolve(new EngineDied(exit, diedOfMemory(exit, memoryKills))));
    });
    const process = createORPCClient<EngineProcess>(child.link);
    const active: ActiveEngine = {
      child,
      process,
      died,
      death: null,
      requests: new Set(),
      ready: false,
      outdated: false,
      description: this.#introduce(process, died),
    };
    this.#active = active;
    this.#set({ ...initialStatus });
    active.description.then(
      ({ engine, device, version, slow, rejected }) => {
        active.ready = true;
        this.#set({ state: this.#idleState(), engine, device, version, slow, rejected, error: null });
        this.#replaceOutdated();
      },
      (error: unknown) => this.#fail(error),
    );
    void died.then((death) => {
      active.death = death;
      for (const fail of active.requests) fail(death);
      this.#handleExit(active, death);
    });
    return active;
  }

  async #introduce(process: EngineProcess, died: Promise<EngineDied>): Promise<EngineDescription> {
    try {
      return await Promise.race([process.describe(), failWhen(died)]);
    } catch (error) {
      throw fromWire(error) ?? error;
    }
  }

  #handleExit(active: ActiveEngine, death: EngineDied): void {
    // This one was replaced.
    if (this.#active !== active) return;
    this.#active = null;
    if (this.#closing) return;
    this.#options.log('engine process ended', death.exit);
    this.#fail(death);
    // One that never got ready would only fail again.
    if (active.ready) this.warmUp();
  }

  #fail(error: unknown): void {
    const known = error instanceof EngineDied ? error.toAppError() : AppError.from(error);
    this.#set({ ...this.#status, state: 'failed', error: known.toData() });
  }

  async #explain(error: unknown, active: ActiveEngine, signal: AbortSignal | undefined): Promise<unknown> {
    if (error instanceof EngineDied || error instanceof AppError) return error;
    const known = fromWire(error);
    if (known !== null) return known;
    if (signal?.aborted) return new AppError('CANCELLED');
    const silence = new Promise<null>((resolve) => setTimeout(resolve, exitGrace, null).unref());
    return (await Promise.race([active.died, silence])) ?? AppError.from(error);
  }

  #idleState(): EngineStatus['state'] {
    return this.#tasks > 0 ? 'busy' : 'ready';
  }

  #count(change: 1 | -1): void {
    this.#tasks = Math.max(0, this.#tasks + change);
    const { state } = this.#status;
    if (state === 'ready' || state === 'busy') this.#set({ ...this.#status, state: this.#idleState() });
    this.#replaceOutdated();
  }

  #set(status: EngineStatus): void {
    const same = JSON.stringify(status) === JSON.stringify(this.#status);
    this.#status = status;
    if (!same) this.#options.events.emit({ type: 'engine', engine: status });
  }
}

/** A request to a process that is just ending would never be answered: it fails as soon as the process has ended. */
async function untilDeath<T>(active: ActiveEngine, work: (engine: EngineProcess) => Promise<T>): Promise<T> {
  if (active.death !== null) throw active.death;
  let fail!: (death: EngineDied) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  active.requests.add(fail);
  try {
    return await Promise.race([work(active.process), failed]);
  } finally {
    active.requests.delete(fail);
  }
}

/** Rejects when the engine dies; never resolves. */
async function failWhen(died: Promise<EngineDied>): Promise<never> {
  throw await died;
}

/** Makes the engine client; no process is started yet. */
export function createEngineClient(options: EngineClientOptions): EngineClient {
  return new EngineClient(options);
}
