/** What a host gives the services to run the engine in: a child process with a message port, however it is made. */

/** The little of a message port that oRPC's adapters need. */
export interface MessagePortLike {
  on(event: 'message' | 'close', listener: (event?: { data: unknown }) => void): void;
  postMessage(data: unknown): void;
}

/** How a child process ended. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines it wrote to stderr: TensorFlow says there why it gave up. */
  readonly stderr: string;
}

/** A running engine process. */
export interface EngineChild {
  readonly pid: number | null;
  readonly port: MessagePortLike;
  /** Called once, when the process is gone. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends the process at once, without asking it. */
  kill(): void;
}

/** Starts an engine process; each host has its own way (fork, utilityProcess). */
export type SpawnEngine = () => EngineChild;
