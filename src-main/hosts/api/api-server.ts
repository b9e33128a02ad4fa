/** The web server of the prediction API. */
import { rm } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { ApiFailure, ApiModel, ApiPrediction } from '../../contract/api/prediction-api.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { apiDocument } from '../../services/api/api-document.ts';
import { ApiMetrics } from '../../services/api/metrics.ts';
import { type PredictFiles, PredictionQueue, type QueueLimits } from '../../services/api/prediction-queue.ts';
import { docsPage, docsPolicy } from './docs-page.ts';
import type { FetchRules } from '../../services/import/web-pictures/ask-server.ts';
import { type RequestLimits, readPhotos } from './read-photos.ts';
import { type ExplainFiles, explainOf, topOf } from './read-query.ts';
import { shown } from './shown-prediction.ts';
import type { Admits } from './tokens.ts';

/** How much and how long the server takes in. */
export interface ApiLimits extends RequestLimits, QueueLimits {
  /** Requests for predictions that may be under way. */
  readonly requests: number;
  /** Bytes of requests that may be under way, all together. */
  readonly memory: number;
  /** Milliseconds in which a request has to arrive as a whole. */
  readonly upload: number;
  /** Milliseconds in which it is answered after that. */
  readonly answer: number;
  /** Milliseconds that answers under way have to end when the server closes. */
  readonly closing: number;
}

/** The limits of every server; a test may give others. */
export const usualApiLimits: ApiLimits = {
  bytes: 32_000_000,
  photos: 64,
  waiting: 512,
  together: 32,
  requests: 512,
  memory: 256_000_000,
  upload: 60_000,
  answer: 30_000,
  closing: 10_000,
};

/** What is served. */
export interface ApiOptions {
  readonly model: ApiModel;
  readonly predict: PredictFiles;
  /** What made the network decide so, of each file; absent where the model is not to be looked into. */
  readonly heatmaps?: ExplainFiles;
  /** How photos are fetched that are named by address; absent where that is not allowed. */
  readonly urls?: FetchRules | undefined;
  readonly admits: Admits;
  readonly host: string;
  readonly port: number;
  /** The origin whose pages may ask; no other site's pages may. */
  readonly cors?: string | undefined;
  readonly limits?: Partial<ApiLimits>;
}

/** A server that runs. */
export interface ApiServer {
  readonly url: string;
  /** Takes in nothing new, ends what is under way, and closes. */
  close(): Promise<void>;
}

const statuses: Readonly<Record<string, number>> = {
  API_TOKEN_WRONG: 401,
  API_NOT_FOUND: 404,
  API_NO_PHOTO: 400,
  API_REQUEST_INVALID: 400,
  API_URL_REFUSED: 415,
  API_TYPE_WRONG: 415,
  API_TOO_LARGE: 413,
  API_BUSY: 503,
  API_TIMEOUT: 503,
  CANCELLED: 503,
  DISK_FULL: 503,
};

/** Milliseconds in which a refused request may end. */
const refusal = 1000;
/** Seconds after which to ask again. */
const retryAfter = '1';
/** Photos of one request that are explained: that takes several times as long as predicting them. */
const maxHeatmaps = 8;
const open = new Set(['/health', '/openapi.json', '/docs']);
const routes = new Set(['/v1/predict', '/v1/model', '/metrics', ...open]);

class ApiHandler {
  readonly metrics = new ApiMetrics();
  readonly queue: PredictionQueue;
  readonly #options: ApiOptions;
  readonly #limits: ApiLimits;
  #underWay = 0;
  #bytes = 0;
  #explaining: Promise<unknown> = Promise.resolve();
  stopping = false;

  constructor(options: ApiOptions, limits: ApiLimits) {
    this.#options = options;
    this.#limits = limits;
    this.queue = new PredictionQueue(options.predict, limits, (photos) => this.metrics.computed(photos));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    const url = new URL(request.url ?? '/', 'http://localhost');
    const route = routes.has(url.pathname) ? url.pathname : 'other';
    response.once('close', () =>
      this.metrics.answered(route, response.statusCode, (performance.now() - began) / 1000),
    );
    this.#headers(request, response);
    try {
      if (request.method === 'OPTIONS' && this.#options.cors !== undefined) {
        response.writeHead(204).end();
        return;
      }
      await this.#answer(request, response, url);
    } catch (thrown) {
      await this.#fail(request, response, AppError.from(thrown));
    }
  }

  #headers({ headers }: IncomingMessage, response: ServerResponse): void {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    const { cors } = this.#options;
    if (cors === undefined || headers.origin !== cors) return;
    response.setHeader('access-control-allow-origin', cors);
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    response.setHeader('vary', 'origin');
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { pathname } = url;
    if (!open.has(pathname) && !this.#options.admits(request.headers.authorization))
      throw new AppError('API_TOKEN_WRONG');
    const asked = `${request.method === 'HEAD' ? 'GET' : (request.method ?? '')} ${pathname}`;
    switch (asked) {
      case 'POST /v1/predict':
        return json(response, 200, { predictions: await this.#predict(request, response, url) });
      case 'GET /v1/model':
        return json(response, 200, this.#options.model);
      case 'GET /health':
        return json(response, this.stopping ? 503 : 200, {
          status: this.stopping ? 'stopping' : 'ready',
          waiting: this.queue.waiting,
        });
      case 'GET /metrics':
        return send(response, 200, 'text/plain; version=0.0.4', this.metrics.text(this.queue.waiting));
      case 'GET /openapi.json':
        return json(response, 200, apiDocument(this.#options.model.lenslet.replace(/^Lenslet /, '')));
      case 'GET /docs':
        response.setHeader('content-security-policy', docsPolicy);
        return send(response, 200, 'text/html; charset=utf-8', docsPage);
      default:
        throw new AppError('API_NOT_FOUND', { path: pathname.slice(0, 200) });
    }
  }

  async #predict(request: IncomingMessage, response: ServerResponse, url: URL): Promise<ApiPrediction[]> {
    const { requests, memory, bytes } = this.#limits;
    // A request that does not say how long it is may be as long as is allowed.
    const length = Math.min(bytes, Number(request.headers['content-length'] ?? bytes));
    const full = this.#underWay >= requests || this.#bytes + length > memory;
    if (this.stopping || full) throw new AppError('API_BUSY');
    const top = topOf(url);
    const explain = explainOf(url, this.#options.heatmaps);
    this.#underWay++;
    this.#bytes += length;
    // Of the answer, not of the connection: that may serve many requests.
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const photos = await readPhotos(request, this.#limits, this.#options.urls ?? null, gone.signal)
      .catch((error: unknown) => {
        this.#underWay--;
        throw error;
      })
      .finally(() => (this.#bytes -= length));
    const late = AbortSignal.timeout(this.#limits.answer);
    const signal = AbortSignal.any([gone.signal, late]);
    const paths = photos.map(({ path }) => path);
    const work = async () => {
      if (explain !== null && paths.length > maxHeatmaps)
        throw new AppError('API_REQUEST_INVALID', {
          reason: `heatmaps are made of ${maxHeatmaps} photos at most`,
        });
      const predictions = await this.queue.predict(paths, signal);
      const heatmaps = explain === null ? null : await this.#inTurn(() => explain(paths, signal));
      return predictions.map((prediction, place) => ({ prediction, heatmap: heatmaps?.[place] }));
    };
    const predicted = work().finally(() => {
      this.#underWay--;
      // Only when nobody reads them any more.
      for (const path of paths) void rm(path, { force: true });
    });
    predicted.catch(() => undefined);
    const seconds = this.#limits.answer / 1000;
    const over = new Promise<never>((_, reject) =>
      late.addEventListener('abort', () => reject(new AppError('API_TIMEOUT', { seconds })), { once: true }),
    );
    const answers = await Promise.race([predicted, over]);
    return answers.map(({ prediction, heatmap }, place) => ({
      ...shown(photos[place].name, prediction, top),
      ...(explain && { heatmap: heatmap ?? null }),
    }));
  }

  /** One after another: they hold the engine for long. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.#explaining.then(work);
    this.#explaining = answer.catch(() => undefined);
    return answer;
  }

  async #fail(request: IncomingMessage, response: ServerResponse, error: AppError): Promise<void> {
    if (response.headersSent) return void response.destroy();
    if (!(await isRead(request))) response.setHeader('connection', 'close');
    const status = statuses[error.code] ?? (/^(ADDRESS|IMAGE)_/.test(error.code) ? 422 : 500);
    if (status === 503) response.setHeader('retry-after', retryAfter);
    if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    const { code, message, remedy } = error;
    json(response, status, { error: { code, message, remedy } } satisfies ApiFailure);
  }
}

/** Reads what is still on its way and throws it away, for a while: clients look for no answer before. */
async function isRead(request: IncomingMessage): Promise<boolean> {
  if (request.complete) return true;
  const ended = new Promise<void>((resolve) => request.once('end', resolve).once('close', resolve));
  request.resume();
  await Promise.race([ended, wait(refusal, undefined, { ref: false })]);
  return request.complete;
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}

function json(response: ServerResponse, status: number, value: object): void {
  const unreadable =
    'predictions' in value && (value.predictions as ApiPrediction[]).every(({ error }) => error !== null);
  send(response, unreadable ? 422 : status, 'application/json', JSON.stringify(value));
}

function listen(server: Server, { host, port }: ApiOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(
        code === 'EADDRINUSE'
          ? new AppError('SERVER_PORT_BUSY', { port })
          : new AppError('SERVER_CANNOT_LISTEN', { address: `${host}:${port}`, reason: code ?? message }),
      ),
    );
    server.listen(port, host, resolve);
  });
}

/** Starts the server. @throws AppError SERVER_PORT_BUSY, SERVER_CANNOT_LISTEN */
export async function startApiServer(options: ApiOptions): Promise<ApiServer> {
  const limits = { ...usualApiLimits, ...options.limits };
  const handler = new ApiHandler(options, limits);
  const server = createServer(
    {
      requestTimeout: limits.upload,
      headersTimeout: Math.min(limits.upload, 10_000),
      connectionsCheckingInterval: 1000,
    },
    (request, response) => void handler.handle(request, response),
  );
  server.maxConnections = 2 * limits.requests;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    async close() {
      handler.stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => {
        handler.queue.cancel();
        server.closeAllConnections();
      }, limits.closing);
      await handler.queue.drain();
      await closed;
      clearTimeout(cut);
    },
  };
}
