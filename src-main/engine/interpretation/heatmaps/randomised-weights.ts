/**
 * Does a heatmap depend on what the network has learned? Its weights are shuffled, from the last layer to ever
 * earlier ones; a map that hardly changes shows edges of the photo, not the network's reasons.
 * @see Adebayo et al.: Sanity Checks for Saliency Maps, NeurIPS 2018 (cascading randomisation)
 */
import type * as tfjs from '@tensorflow/tfjs';
import { permutation, stream } from '../../../core/random/random.ts';
import { type HeatmapOptions, type PhotoHeatmap, heatmapOf } from './heatmaps.ts';
import type { NetworkLayer } from '../../network/network.ts';
import { rankCorrelation } from './rank-correlation.ts';
import { type Subject, type Work, pause } from '../subject.ts';

/** Maps that are made, the trained network's not counted. */
const maxSteps = 6;
/** Alike enough to be flagged, by rank correlation. */
const alike = 0.7;

/** The map after some layers have been shuffled. */
export interface RandomisedStep {
  /** The earliest layer that is shuffled; null for none. */
  readonly downTo: string | null;
  readonly shuffled: number;
  readonly heatmap: PhotoHeatmap;
  readonly similarity: number;
}

/** Shuffles the numbers of each of a layer's weights among themselves: the same numbers, nothing learned. */
function shuffle(subject: Subject, { layer, name }: NetworkLayer, seed: number): void {
  const { tf } = subject.backend;
  const weights = layer.getWeights();
  const mixed = weights.map((weight, index) => {
    const values = weight.dataSync();
    const order = permutation(values.length, stream(seed, 'shuffle-weights', name, index));
    return tf.tensor(
      Float32Array.from(order, (place) => values[place]),
      weight.shape,
    );
  });
  layer.setWeights(mixed);
  tf.dispose(mixed);
}

/** Layers with weights, the last first, in so many groups of about the same number. */
function groups(layers: readonly NetworkLayer[]): NetworkLayer[][] {
  const weighted = layers.filter(({ layer }) => layer.weights.length > 0).reverse();
  const count = Math.min(maxSteps, weighted.length);
  // The first group is the head alone: that is where the class is decided.
  const rest = weighted.slice(1);
  const bounds = Array.from({ length: count }, (_, i) =>
    Math.round((i * rest.length) / Math.max(1, count - 1)),
  );
  const parts = bounds.slice(1).map((end, i) => rest.slice(bounds[i], end));
  return [weighted.slice(0, 1), ...parts].filter((part) => part.length > 0);
}

/**
 * The maps of the trained and of ever more shuffled networks. Destroys the weights of the subject's model.
 * @throws AppError as `heatmapOf`
 */
export async function randomisedMaps(
  subject: Subject,
  pixels: tfjs.Tensor4D,
  options: HeatmapOptions,
  work: Work,
  seed = 0,
): Promise<RandomisedStep[]> {
  const inner: Work = { ...work, onProgress: undefined };
  const trained = await heatmapOf(subject, pixels, options, inner);
  const fixed = { ...options, class: trained.class };
  const steps: RandomisedStep[] = [{ downTo: null, shuffled: 0, heatmap: trained, similarity: 1 }];
  const parts = groups(subject.network.layers);
  let shuffled = 0;
  for (const part of parts) {
    await pause(work);
    for (const layer of part) shuffle(subject, layer, seed);
    shuffled += part.length;
    const heatmap = await heatmapOf(subject, pixels, fixed, inner);
    const similarity = rankCorrelation(trained.map, heatmap.map);
    steps.push({ downTo: part.at(-1)!.name, shuffled, heatmap, similarity });
    work.onProgress?.(steps.length, parts.length + 1);
  }
  return steps;
}

/**
 * What the maps mean: `flagged` when the map of the network with all weights shuffled is like that of the trained one,
 * `undecided` when the trained one's is empty.
 */
export function judgeRandomised(steps: readonly RandomisedStep[]): 'passed' | 'flagged' | 'undecided' {
  if (steps[0].heatmap.empty !== null) return 'undecided';
  return steps.at(-1)!.similarity >= alike ? 'flagged' : 'passed';
}
