/** Requests about how Lenslet uses this machine: the engine's arithmetic, and the room the cache takes. */
import { availableCores } from '../../backends/available-cores.ts';
import { fastMathInstructions } from '../../backends/fast-math.ts';
import type { CacheUsage, EngineSettings, FastMath, settingsContract } from '../../contract/app/settings.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import type { EnginePreferenceFile } from '../base/engine-preferences.ts';
import { compareFastMath } from './fast-math-comparison.ts';
import { cacheLimitOf, imageCache, setCacheLimit } from '../project/image-caches.ts';

type ComparisonEvent =
  | { type: 'progress'; done: number; total: number }
  | { type: 'done'; comparison: Awaited<ReturnType<typeof compareFastMath>> };

/** Fast mathematics on this machine. */
export function describeFastMath(preferences: EnginePreferenceFile): FastMath {
  const instructions = fastMathInstructions();
  return { on: preferences.read().fastMath, offered: (instructions ?? []).length > 0, instructions };
}

/** Makes the handlers of `contract.settings`. */
export function createSettingsService(
  context: ServiceContext,
  preferences: EnginePreferenceFile,
): ServiceOf<typeof settingsContract> {
  const engine = (): EngineSettings => ({
    fastMath: describeFastMath(preferences),
    cores: availableCores(),
    pending: context.engine.isOutdated(),
  });
  return {
    engine,
    setEngine: ({ fastMath }) => {
      if (preferences.read().fastMath !== fastMath) {
        preferences.write({ fastMath });
        context.engine.renew();
      }
      return engine();
    },
    measureFastMath: ({ run, images }, { signal }) =>
      streamEvents<ComparisonEvent>(async (emit, ending) => {
        const onProgress = (done: number, total: number): void => emit({ type: 'progress', done, total });
        const comparison = await compareFastMath(context, run, images, onProgress, ending);
        emit({ type: 'done', comparison });
      }, signal),
    cache: () => usage(context),
    clearCache: async ({ parts }) => {
      await imageCache(context.project()).clear(parts);
      return usage(context);
    },
    setCacheLimit: async ({ bytes }) => {
      const project = context.project();
      setCacheLimit(project, bytes);
      await imageCache(project).keepLimit();
      return usage(context);
    },
  };
}

async function usage(context: ServiceContext): Promise<CacheUsage> {
  const project = context.project();
  const { parts, bytes, limit, drive } = await imageCache(project).usage();
  return {
    parts: parts.map(({ name, spec, bytes: size, images, usedAt, inUse }) => ({
      name,
      kind: spec === null ? 'thumbnails' : 'tiles',
      bytes: size,
      images,
      usedAt: usedAt === null ? null : new Date(usedAt).toISOString(),
      inUse,
    })),
    bytes,
    limit,
    limitIsSet: cacheLimitOf(project) !== null,
    free: drive?.free ?? null,
  };
}
