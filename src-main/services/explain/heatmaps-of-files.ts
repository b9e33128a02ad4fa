/** Heatmaps of files that are in no project, with any model; for other programs. */
import type { EngineHeatmap } from '../../contract/engine/explain.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { writeTemporaryPack } from '../../datasets/tiles/tile-store.ts';
import type { EngineClient } from '../base/engine-client.ts';
import { type ModelChoice, findModel } from '../runs/models.ts';

/**
 * What made the network decide as it did, by Grad-CAM.
 * @returns one for each path, in their order; null for what cannot be decoded
 * @throws AppError MODEL_…, CANCELLED, BACKEND_…
 */
export async function heatmapsOfFiles(
  engine: EngineClient,
  choice: ModelChoice,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<(EngineHeatmap | null)[]> {
  const { path, preprocessing, description } = await findModel(engine, choice);
  const spec = { size: description.imageSize, channels: description.channels };
  const pack = await writeTemporaryPack(temporaryPath('heatmap'), spec, paths, { signal });
  try {
    const readable = Array.from(paths.keys()).filter((index) => pack.slots[index] >= 0);
    const found: (EngineHeatmap | null)[] = paths.map(() => null);
    if (readable.length === 0) return found;
    const request = {
      model: path,
      preprocessing,
      tiles: { path: pack.path, ...spec },
      slots: readable.map((index) => pack.slots[index]),
      classes: readable.map(() => null),
      method: 'grad-cam',
      layer: null,
    } as const;
    await engine.ask(async (process) => {
      for await (const { place, heatmap } of await process.explain.heatmaps(
        { ...request, slots: [...request.slots], classes: [...request.classes] },
        { signal },
      ))
        found[readable[place]] = heatmap;
    }, signal);
    return found;
  } finally {
    await pack.dispose();
  }
}
