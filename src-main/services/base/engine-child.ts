/** What a host gives the services to run the engine in: a child process that answers requests, however it is made. */
import type { ClientLink } from '@orpc/client';

/** How a child process ended. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines it wrote to stderr: TensorFlow prints there why it failed. */
  readonly stderr: string;
}

/** A running engine process. */
export interface EngineChild {
  readonly pid: number | null;
  /** Carries requests to it: `engineLink(port)` of the hosts. Services know no transport. */
  readonly link: ClientLink<Record<never, never>>;
  /** Called once, when the process is gone. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends the process at once, without asking it. */
  kill(): void;
}

/**
 * Starts an engine process. What is given goes into its environment,
 * besides what the host's own has.
 */
export type SpawnEngine = (environment?: Readonly<Record<string, string>>) => EngineChild;
