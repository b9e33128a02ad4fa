/** Every way to look inside a network. Adding one is adding a file and its line here. */
import type { HeatmapMethod } from '../../contract/app/explain/heatmaps.ts';
import { gradCam } from './grad-cam.ts';
import { gradCamPlusPlus } from './grad-cam-plus-plus.ts';
import type { HeatmapMaker } from '../../engine/interpretation/heatmaps/heatmap-method.ts';
import { occlusion } from './occlusion.ts';

/** Ways to make a class activation heatmap, the lesson's first. */
export const heatmapMakers: readonly HeatmapMaker[] = [gradCam, gradCamPlusPlus, occlusion];

/** A heatmap method by id. The contract's list and this one are the same; a test compares them. */
export function heatmapMaker(id: HeatmapMethod): HeatmapMaker {
  return heatmapMakers.find((maker) => maker.id === id)!;
}
