/** The few calls of Ray's Jobs API that are needed, over HTTP. */
import { z } from 'zod';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { type PlainAnswer, plainRequest } from './plain-request.ts';

/** A job has one of these states; the last three are ends. */
const jobStatusSchema = z.enum(['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED']);
export type JobStatus = z.infer<typeof jobStatusSchema>;

const versionSchema = z.object({ ray_version: z.string() });
const submittedSchema = z.object({ submission_id: z.string() });
const jobSchema = z.object({ status: jobStatusSchema, message: z.string().nullish() });
const logsSchema = z.object({ logs: z.string() });
const usageSchema = z.object({
  data: z.object({
    clusterStatus: z.object({
      loadMetricsReport: z.object({ usage: z.record(z.string(), z.tuple([z.number(), z.number()])) }),
    }),
  }),
});

/** What a job runs in: packages uploaded before, and what Ray installs for it. */
export interface RuntimeEnvironment {
  readonly working_dir: string;
  readonly py_modules: readonly string[];
  readonly pip?: readonly string[];
}

/** The oldest Ray with all that the job uses. */
const oldest = [2, 44];
/** Milliseconds that an answer may take. */
const patience = 60_000;

/**
 * The address of a cluster as it is kept: the origin of Ray's dashboard.
 * @throws AppError CLUSTER_ADDRESS_INVALID
 */
export function clusterAddress(word: string): string {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(word) ? word : `http://${word}`;
  const url = URL.canParse(given) ? new URL(given) : null;
  const plain = url !== null && url.username === '' && url.password === '' && url.pathname === '/';
  if (url === null || !plain || !/^https?:$/.test(url.protocol) || url.search + url.hash !== '')
    throw new AppError('CLUSTER_ADDRESS_INVALID', { address: word });
  if (url.port === '' && url.protocol === 'http:') url.port = '8265';
  return url.origin;
}

/**
 * Listens to a WebSocket of text.
 * @returns when the other side closes it, or at the signal; never throws
 */
export type FollowSocket = (
  url: string,
  headers: Readonly<Record<string, string>>,
  onText: (text: string) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Talks to one cluster. Every call throws AppError CLUSTER_UNREACHABLE or CLUSTER_REFUSED. */
export class RayClient {
  readonly address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #followSocket: FollowSocket;

  /** @param token for clusters that want one */
  constructor(
    address: string,
    followSocket: FollowSocket,
    token: string | undefined = process.env.RAY_AUTH_TOKEN,
  ) {
    this.address = clusterAddress(address);
    this.#followSocket = followSocket;
    this.#headers = token === undefined || token === '' ? {} : { Authorization: `Bearer ${token}` };
  }

  /** Ray's version. @throws AppError CLUSTER_TOO_OLD too */
  async version(): Promise<string> {
    const { ray_version: version } = await this.#ask('GET', '/api/version', versionSchema);
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [minMajor, minMinor] = oldest;
    if (major < minMajor || (major === minMajor && minor < minMinor)) {
      const expected = oldest.join('.');
      throw new AppError('CLUSTER_TOO_OLD', { address: this.address, version, expected });
    }
    return version;
  }

  /** What the machines have, and how much of it is used: `CPU`, `GPU`, …; null where Ray does not say. */
  async resources(): Promise<Readonly<Record<string, readonly [used: number, all: number]>> | null> {
    try {
      const { data } = await this.#ask('GET', '/api/cluster_status', usageSchema);
      return data.clusterStatus.loadMetricsReport.usage;
    } catch (error) {
      if (AppError.from(error).code === 'CLUSTER_UNREACHABLE') throw error;
      return null;
    }
  }

  /**
   * Uploads a package unless it is there.
   * @param hash of its content: packages of one name are the same
   * @returns its URI
   */
  async upload(hash: string, content: () => Uint8Array, signal: AbortSignal): Promise<string> {
    const name = `_ray_pkg_${hash.slice(0, 32)}.zip`;
    const path = `/api/packages/gcs/${name}`;
    const found = await this.#fetch('GET', path, { signal });
    if (found.status === 404) await this.#send(path, content(), signal);
    else if (found.status !== 200) throw this.#refused(found);
    return `gcs://${name}`;
  }

  async #send(path: string, content: Uint8Array, signal: AbortSignal): Promise<void> {
    // So much over a slow line takes its time.
    const request = { body: content, type: 'application/octet-stream', signal, within: 30 * patience };
    const answer = await this.#fetch('PUT', path, request);
    if (answer.status !== 200) throw this.#refused(answer);
  }

  /** Starts a job. @returns its id */
  async submit(entrypoint: string, environment: RuntimeEnvironment, name: string): Promise<string> {
    const body = { entrypoint, runtime_env: environment, metadata: { name } };
    return (await this.#ask('POST', '/api/jobs/', submittedSchema, body)).submission_id;
  }

  /** How a job is. */
  async job(id: string): Promise<{ status: JobStatus; message: string }> {
    const { status, message } = await this.#ask('GET', `/api/jobs/${encodeURIComponent(id)}`, jobSchema);
    return { status, message: message ?? '' };
  }

  /** The whole log of a job. */
  async logs(id: string): Promise<string> {
    return (await this.#ask('GET', `/api/jobs/${encodeURIComponent(id)}/logs`, logsSchema)).logs;
  }

  /** Stops a job. */
  async stop(id: string): Promise<void> {
    await this.#ask('POST', `/api/jobs/${encodeURIComponent(id)}/stop`, z.unknown());
  }

  /**
   * Reads the log of a job from its beginning, as it is written. Never throws: what is missing is in `logs`.
   * @param onText gets pieces, which end anywhere
   * @returns when Ray closes the connection, which it does also while a job is about to start, or at the signal
   */
  follow(id: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    const url = `${this.address.replace(/^http/, 'ws')}/api/jobs/${encodeURIComponent(id)}/logs/tail`;
    return this.#followSocket(url, this.#headers, onText, signal);
  }

  async #ask<T>(method: string, path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const json = body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' };
    const answer = await this.#fetch(method, path, json);
    if (answer.status !== 200) throw this.#refused(answer);
    const found = schema.safeParse(parse(answer.text));
    if (found.success) return found.data;
    const reason = 'its answer is not that of Ray';
    throw new AppError('CLUSTER_REFUSED', { address: this.address, reason }, { cause: found.error });
  }

  async #fetch(
    method: string,
    path: string,
    { body, type, signal, within = patience }: RequestParts,
  ): Promise<PlainAnswer> {
    const ends = [AbortSignal.timeout(within), ...(signal === undefined ? [] : [signal])];
    const headers = { ...this.#headers, ...(type === undefined ? {} : { 'Content-Type': type }) };
    try {
      return await plainRequest(`${this.address}${path}`, {
        method,
        headers,
        body,
        signal: AbortSignal.any(ends),
      });
    } catch (error) {
      throwIfCancelled(signal);
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code ?? message;
      throw new AppError('CLUSTER_UNREACHABLE', { address: this.address, reason }, { cause: error });
    }
  }

  #refused({ status, text }: PlainAnswer): AppError {
    // Ray answers with a traceback; its last line says what it is.
    const last = text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
    return new AppError('CLUSTER_REFUSED', { address: this.address, reason: `${status} ${last}`.trim() });
  }
}

interface RequestParts {
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly signal?: AbortSignal;
  readonly within?: number;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
