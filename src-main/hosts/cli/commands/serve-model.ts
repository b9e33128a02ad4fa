import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { ModelChoice } from '../../../services/runs/models.ts';
import type { Core } from '../../../services/core.ts';
import { type ApiServer, startApiServer, usualApiLimits } from '../../api/api-server.ts';
import type { FetchRules } from '../../../services/import/web-pictures/ask-server.ts';
import { admitting } from '../../api/tokens.ts';
import { createNodeCore } from '../../node/node-core.ts';
import { programVersion } from '../../node/places.ts';
import { closeInTime } from '../close-in-time.ts';
import type { ServerFlags } from '../flags.ts';
import { onInterrupt } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { modelChoice } from '../run-reference.ts';

/** The flags of `serve` with a model. */
export interface ModelServerFlags extends ServerFlags {
  readonly model: string;
  readonly token?: string;
  readonly tokens?: string;
  readonly cors?: string;
  readonly allowUrl?: boolean;
}

/** LENS on a telephone's keys, and one more: the app has that port. */
const usualPort = 5368;

/**
 * `lenslet serve --model RUN|EXPORT`: the prediction API, until Ctrl-C, which lets answers under way end.
 * @throws AppError MODEL_…, SERVER_PORT_BUSY, SERVER_CANNOT_LISTEN, USAGE_INVALID
 */
export async function serveModel(output: Output, flags: ModelServerFlags): Promise<void> {
  const choice = modelChoice(flags.model, flags.project);
  const token =
    flags.token ?? (flags.tokens === undefined ? randomBytes(24).toString('base64url') : undefined);
  const interrupt = onInterrupt(() => output.say('Stopping… (Ctrl-C again to stop at once)'));
  const core = createNodeCore('cli');
  let server: ApiServer | undefined;
  const end = async (): Promise<void> => {
    try {
      await server?.close();
    } finally {
      await core.close();
    }
  };
  try {
    server = await start(output, core, choice, flags, token);
    await interrupt.cancelled.catch(() => undefined);
  } finally {
    await closeInTime(output, interrupt.signal, end);
    interrupt.release();
  }
}

/** As the app fetches pictures, within the limits of a request: never from private networks. */
function fetchRules({ context }: Core): FetchRules {
  const { bytes } = usualApiLimits;
  return {
    allowed: context.abilities.pictureServers ?? [],
    maxBytes: bytes,
    patience: 10_000,
    budget: { bytes, milliseconds: 30_000, millisecondsEach: 15_000 },
  };
}

async function start(
  output: Output,
  core: Core,
  choice: ModelChoice,
  flags: ModelServerFlags,
  token: string | undefined,
): Promise<ApiServer> {
  const { models } = core.training;
  const { classes, imageSize, channels, preprocessing, assumed } = await models.describe(choice);
  for (const sentence of assumed) output.say(sentence);
  const server = await startApiServer({
    model: {
      name: basename(resolve(flags.model)),
      classes: [...classes],
      imageSize,
      channels,
      preprocessing,
      lenslet: `Lenslet ${programVersion()}`,
    },
    predict: (paths, ending) => models.predict(choice, paths, ending),
    heatmaps: async (paths, ending) =>
      (await core.explain.ofFiles(choice, paths, ending)).map(
        (found) => found && { label: found.label, layer: found.layer, map: found.map },
      ),
    urls: flags.allowUrl === true ? fetchRules(core) : undefined,
    admits: admitting(token, flags.tokens),
    host: flags.host,
    port: flags.port ?? usualPort,
    cors: flags.cors,
  });
  const shown = token === undefined ? '' : `  token ${token}`;
  const docs = `${server.url}/docs`;
  output.answer({ url: server.url, docs, token: token ?? null }, `${docs}${shown}`);
  return server;
}
