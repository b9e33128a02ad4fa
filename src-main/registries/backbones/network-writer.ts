/** Writes networks down layer by layer, with the settings and defaults of Keras, keeping track of shapes. */
import type { Connection, LayerEntry, Topology } from '../../engine/network/topology.ts';

/** What a layer gives: an image or feature map, or (with sides of 0) a list of numbers. */
export interface MapOf {
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Zeros added at the sides. */
export type Padding = readonly [
  vertical: readonly [top: number, bottom: number],
  horizontal: readonly [left: number, right: number],
];

interface ConvolutionOptions {
  readonly name: string;
  readonly kernel: number;
  readonly strides?: number;
  readonly padding?: 'valid' | 'same';
  readonly bias?: boolean;
  readonly activation?: string;
}

function sideAfter(side: number, kernel: number, strides: number, padding: 'valid' | 'same'): number {
  return padding === 'same' ? Math.ceil(side / strides) : Math.floor((side - kernel) / strides) + 1;
}

/**
 * The number of filters of a scaled network: the nearest multiple of 8 that is not more than 10% smaller.
 * @see `_make_divisible` in https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet_v2.py
 */
export function roundFilters(filters: number): number {
  const nearest = Math.max(8, Math.floor((filters + 4) / 8) * 8);
  return nearest < 0.9 * filters ? nearest + 8 : nearest;
}

/**
 * The zeros Keras adds before a convolution of stride 2 with `valid` padding, so that it is centred.
 * @see `correct_pad` in https://github.com/keras-team/keras/blob/master/keras/src/applications/imagenet_utils.py
 */
export function correctPadding({ height, width }: MapOf, kernel: number): Padding {
  const half = Math.floor(kernel / 2);
  const before = (side: number): number => half - (1 - (side % 2));
  return [
    [before(height), half],
    [before(width), half],
  ];
}

export class NetworkWriter {
  readonly #name: string;
  readonly #layers: LayerEntry[] = [];
  readonly input: MapOf;

  constructor(name: string, [height, width, channels]: readonly [number, number, number]) {
    this.#name = name;
    const input = { batch_input_shape: [null, height, width, channels], dtype: 'float32', sparse: false };
    this.#write('InputLayer', 'input_layer', [], input);
    this.input = { layer: 'input_layer', height, width, channels };
  }

  #write(type: string, name: string, from: readonly MapOf[], config: Record<string, unknown>): void {
    const connections = from.map(({ layer }): Connection => [layer, 0, 0, {}]);
    this.#layers.push({
      class_name: type,
      name,
      config: { name, trainable: true, ...config },
      inbound_nodes: from.length === 0 ? [] : [connections],
    });
  }

  /** A layer that changes no shape. */
  same(type: string, from: MapOf, name: string, config: Record<string, unknown> = {}): MapOf {
    this.#write(type, name, [from], config);
    return { ...from, layer: name };
  }

  convolution(from: MapOf, filters: number, options: ConvolutionOptions): MapOf {
    const { name, kernel, strides = 1, padding = 'valid', bias = true, activation = 'linear' } = options;
    const size = { kernel_size: [kernel, kernel], strides: [strides, strides], padding };
    const config = { filters, ...size, dilation_rate: [1, 1], activation, use_bias: bias };
    this.#write('Conv2D', name, [from], { ...config, data_format: 'channels_last' });
    return {
      layer: name,
      height: sideAfter(from.height, kernel, strides, padding),
      width: sideAfter(from.width, kernel, strides, padding),
      channels: filters,
    };
  }

  depthwise(from: MapOf, options: ConvolutionOptions): MapOf {
    const { name, kernel, strides = 1, padding = 'valid', bias = true } = options;
    const size = { kernel_size: [kernel, kernel], strides: [strides, strides], padding };
    const config = {
      ...size,
      depth_multiplier: 1,
      dilation_rate: [1, 1],
      activation: 'linear',
      use_bias: bias,
    };
    this.#write('DepthwiseConv2D', name, [from], { ...config, data_format: 'channels_last' });
    return {
      layer: name,
      height: sideAfter(from.height, kernel, strides, padding),
      width: sideAfter(from.width, kernel, strides, padding),
      channels: from.channels,
    };
  }

  batchNormalization(
    from: MapOf,
    name: string,
    settings: { momentum?: number; epsilon?: number } = {},
  ): MapOf {
    const { momentum = 0.99, epsilon = 1e-3 } = settings;
    return this.same('BatchNormalization', from, name, {
      axis: -1,
      momentum,
      epsilon,
      center: true,
      scale: true,
    });
  }

  activation(from: MapOf, name: string, activation: string): MapOf {
    return this.same('Activation', from, name, { activation });
  }

  /** ReLU that goes no higher than 6. */
  relu6(from: MapOf, name: string): MapOf {
    return this.same('ReLU', from, name, { max_value: 6, negative_slope: 0, threshold: 0 });
  }

  dropout(from: MapOf, name: string, rate: number, noiseShape: (number | null)[] | null = null): MapOf {
    return this.same('Dropout', from, name, { rate, noise_shape: noiseShape, seed: null });
  }

  padding(from: MapOf, name: string, padding: Padding): MapOf {
    this.#write('ZeroPadding2D', name, [from], { padding, data_format: 'channels_last' });
    const [[top, bottom], [left, right]] = padding;
    return { ...from, layer: name, height: from.height + top + bottom, width: from.width + left + right };
  }

  maxPooling(from: MapOf, name: string, pool: number, strides: number): MapOf {
    const config = { pool_size: [pool, pool], strides: [strides, strides], padding: 'valid' };
    this.#write('MaxPooling2D', name, [from], { ...config, data_format: 'channels_last' });
    const height = sideAfter(from.height, pool, strides, 'valid');
    return { ...from, layer: name, height, width: sideAfter(from.width, pool, strides, 'valid') };
  }

  add(name: string, first: MapOf, second: MapOf): MapOf {
    this.#write('Add', name, [first, second], {});
    return { ...first, layer: name };
  }

  /** Product of a map and one number per channel. */
  multiply(name: string, map: MapOf, perChannel: MapOf): MapOf {
    this.#write('Multiply', name, [map, perChannel], {});
    return { ...map, layer: name };
  }

  concatenate(name: string, first: MapOf, second: MapOf): MapOf {
    this.#write('Concatenate', name, [first, second], { axis: -1 });
    return { ...first, layer: name, channels: first.channels + second.channels };
  }

  /** The mean of each channel, as a list, or as a map of one place. */
  globalAverage(from: MapOf, name: string, keepdims = false): MapOf {
    this.#write('GlobalAveragePooling2D', name, [from], { data_format: 'channels_last', keepdims });
    const side = keepdims ? 1 : 0;
    return { layer: name, height: side, width: side, channels: from.channels };
  }

  /** A list as a map of one place. */
  onePlace(from: MapOf, name: string): MapOf {
    this.#write('Reshape', name, [from], { target_shape: [1, 1, from.channels] });
    return { layer: name, height: 1, width: 1, channels: from.channels };
  }

  /** A map of one place as a list. */
  asList(from: MapOf, name: string): MapOf {
    this.#write('Reshape', name, [from], { target_shape: [from.channels] });
    return { layer: name, height: 0, width: 0, channels: from.channels };
  }

  flatten(from: MapOf, name: string): MapOf {
    this.#write('Flatten', name, [from], { data_format: 'channels_last' });
    return { layer: name, height: 0, width: 0, channels: from.height * from.width * from.channels };
  }

  dense(from: MapOf, name: string, units: number, activation: string): MapOf {
    this.#write('Dense', name, [from], { units, activation, use_bias: true });
    return { layer: name, height: 0, width: 0, channels: units };
  }

  /** The network that ends here. */
  finish(output: MapOf): Topology {
    return {
      class_name: 'Functional',
      config: {
        name: this.#name,
        layers: this.#layers,
        input_layers: [['input_layer', 0, 0]],
        output_layers: [[output.layer, 0, 0]],
      },
    };
  }
}
