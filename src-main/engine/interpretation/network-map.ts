/** The network map: every layer with what it costs, sees and can show. */
import type { MapLayer } from '../../contract/app/explain/network.ts';
import { layerRow } from '../network/layer-table.ts';
import { activationAfter, heatmapLayer, isConvolution, isShown, isSpatial } from './layer-choice.ts';
import type { Network, NetworkLayer } from '../network/network.ts';
import { receptiveFields } from '../network/receptive-field.ts';

/** Height, width and channels of a convolution's filters; null for other layers. */
function kernelOf(layer: NetworkLayer): [number, number, number] | null {
  if (!isConvolution(layer)) return null;
  const [height, width, ...rest] = layer.layer.weights[0].shape as number[];
  // A depthwise filter sees one channel; a transposed convolution has its input channels last.
  const place = layer.type === 'Conv2DTranspose' ? 1 : 0;
  return [height, width, layer.type === 'Conv2D' || place === 1 ? rest[place] : 1];
}

/** The layers of a network, and the one that heatmaps use by themselves. */
export function mapNetwork(network: Network): { layers: MapLayer[]; heatmapLayer: string | null } {
  const fields = receptiveFields(network.layers);
  const layers = network.layers.map((layer): MapLayer => {
    const { name, within, inputShape, outputShape, inputs } = layer;
    return {
      ...layerRow(layer.layer, [{ input: inputShape, output: outputShape }]),
      name,
      within,
      inputs: inputs.map((input) => input.name),
      receptiveField: fields.get(layer) ?? null,
      kernel: kernelOf(layer),
      filters: isConvolution(layer) ? (outputShape.at(-1) ?? 0) : 0,
      spatial: isSpatial(layer),
      shown: isShown(layer),
      activatedBy: activationAfter(network, layer)?.name ?? null,
    };
  });
  return { layers, heatmapLayer: heatmapLayer(network)?.name ?? null };
}
