/** Intermediate activations: what each channel of each layer makes of one photo. */
import type * as tfjs from '@tensorflow/tfjs';
import type { NetworkLayer } from '../../network/network.ts';
import { probabilities } from '../heatmaps/class-score.ts';
import { type Subject, toInput } from '../subject.ts';

/** Rows of the lesson's grids hold so many channels. */
export const channelsPerRow = 16;

/** One layer's activations for one photo. */
export interface LayerActivations {
  readonly layer: NetworkLayer;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** As the network computes them: row by row, channels interleaved. */
  readonly values: Float32Array;
}

/**
 * Activations of one photo.
 * @param pixels `[1, size, size, channels]`, 0–255
 * @returns the layers in the order given, and the probability of every class
 */
export function activationsOf(
  subject: Subject,
  pixels: tfjs.Tensor4D,
  layers: readonly NetworkLayer[],
): { layers: LayerActivations[]; probabilities: number[] } {
  const { tf } = subject.backend;
  const found: LayerActivations[] = [];
  let predicted: number[] = [];
  tf.tidy(() => {
    const walk = subject.network.walk(toInput(subject, pixels));
    for (const layer of layers) {
      const value = walk.value(layer);
      const [, height, width, channels] = value.shape as [number, number, number, number];
      found.push({ layer, height, width, channels, values: value.dataSync<'float32'>() });
    }
    // A network without a classifier has no probabilities.
    if (subject.classes > 0) predicted = Array.from(probabilities(tf, subject.network, walk).dataSync());
  });
  return { layers: found, probabilities: predicted };
}

/** The figures of one channel. */
export interface ChannelStatistics {
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  /** Share of its values that are 0. */
  readonly zeros: number;
}

/** Channels made visible. */
export interface ChannelPictures {
  /** One picture after another, `height · width` bytes each. */
  readonly planes: Uint8Array;
  readonly statistics: ChannelStatistics[];
  /** Channels that are the same everywhere: their picture is all 0. */
  readonly blank: number[];
}

/**
 * Each channel by itself as in the lesson: (x − mean) / standard deviation · 64 + 128, clipped to 0–255, fractions
 * cut off.
 * @param activations values interleaved by channel
 */
export function channelPictures({ height, width, channels, values }: LayerActivations): ChannelPictures {
  const places = height * width;
  const planes = new Uint8Array(places * channels);
  const statistics: ChannelStatistics[] = [];
  const blank: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const { deviation, ...about } = describeChannel(values, channel, channels);
    statistics.push(about);
    if (about.least === about.greatest) {
      blank.push(channel);
      continue;
    }
    const scale = 64 / deviation;
    for (let place = 0; place < places; place++) {
      const shown = (values[place * channels + channel] - about.mean) * scale + 128;
      planes[channel * places + place] = shown < 0 ? 0 : shown > 255 ? 255 : shown;
    }
  }
  return { planes, statistics, blank };
}

function describeChannel(
  values: Float32Array,
  channel: number,
  channels: number,
): ChannelStatistics & { deviation: number } {
  let [least, greatest, sum, squares, zeros] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = channel; i < values.length; i += channels) {
    const value = values[i];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    if (value === 0) zeros++;
    sum += value;
  }
  const count = values.length / channels;
  const mean = sum / count;
  for (let i = channel; i < values.length; i += channels) squares += (values[i] - mean) ** 2;
  return { least, greatest, mean, zeros: zeros / count, deviation: Math.sqrt(squares / count) };
}
