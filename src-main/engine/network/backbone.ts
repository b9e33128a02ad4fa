/** What a backbone is: a published network that turns a preprocessed image into a feature map. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { Topology } from './topology.ts';

/** The layers of a file, nested ones included: enough to tell networks apart without building them. */
export interface LayerSketch {
  readonly names: ReadonlySet<string>;
  /** How many layers of a class there are; 0 where a file holds weights only. */
  readonly count: (type: string) => number;
}

/** A file of weights at its official address. */
export interface OfficialWeights {
  readonly address: string;
  readonly fileName: string;
  /** Size of the file; null where it is not known. */
  readonly bytes: number | null;
  /** MD5 as Keras' own sources give it; null where they give none. */
  readonly md5: string | null;
}

/** What a network is made for. */
export interface NetworkOptions {
  readonly inputShape: readonly [height: number, width: number, channels: number];
  /** With the classifier, for so many classes; without it the output is the last feature map. */
  readonly top?: { readonly classes: number } | undefined;
  /** Width multiplier, for networks that have one; 1 when absent. */
  readonly alpha?: number | undefined;
}

/** One pretrained network. Adding one is adding one file and one line in `registries/backbones/index.ts`. */
export interface Backbone {
  readonly id: string;
  readonly label: string;
  /** One or two sentences for people. */
  readonly description: string;
  readonly preprocessing: Preprocessing;
  readonly defaultImageSize: number;
  readonly minimumImageSize: number;
  /** Weights and biases without the classifier, at the usual width. */
  readonly parameters: number;
  /** Width multipliers it comes in; the first is the usual one. */
  readonly alphas: readonly number[];
  /** The weights without classifier at the official address; null where there is none. */
  readonly weights: OfficialWeights | null;
  /** True when the layers of a file are this network's. */
  readonly recognise: (sketch: LayerSketch) => boolean;
  /**
   * The width multiplier of a file's weights; for networks that have one.
   * @param shapeOf a side of the kernel of a layer, or undefined where there is none
   */
  readonly alphaOf?: (shapeOf: (layer: string, axis: number) => number | undefined) => number;
  /** The network, with Keras' layer names, to be built by `engine/network/model-source.ts`. */
  readonly network: (options: NetworkOptions) => Topology;
}

/** The backbones there are, as the host that composes the engine hands them in. */
export interface KnownBackbones {
  readonly all: readonly Backbone[];
  /** A backbone by id. @throws AppError BACKBONE_UNKNOWN */
  find(id: string): Backbone;
  /** The backbone whose layers these are, or null. */
  recognise(sketch: LayerSketch): Backbone | null;
}

/** A backbone with its weights, ready for use. */
export interface OpenBackbone {
  /** Id in the registry; null for a network that is none of them. */
  readonly id: string | null;
  readonly label: string;
  /** From preprocessed images `[batch, size, size, channels]` to the last feature map `[batch, h, w, c]`. */
  readonly model: tfjs.LayersModel;
  readonly preprocessing: Preprocessing;
  readonly imageSize: number;
  readonly channels: 1 | 3;
  /** SHA-256 of network and weights: the same features come from the same hash, image size and preprocessing. */
  readonly hash: string;
  /** A sentence for each thing that the file does not say. */
  readonly assumed: readonly string[];
}
