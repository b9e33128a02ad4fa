/** Parts of maps. */
import { type WriteLayer, sidesOf } from './layer-writer.ts';

/** A map without some places at its sides. */
export const writeCropping: WriteLayer = (site) => {
  const { graph, layer, config, inputs } = site;
  const [height, width] = sidesOf(site);
  const [[top, bottom], [left, right]] = config.cropping as [[number, number], [number, number]];
  const bounds = [
    graph.integers(`${layer.name}/begin`, [top, left]),
    graph.integers(`${layer.name}/end`, [height - bottom, width - right]),
    graph.integers(`${layer.name}/axes`, [2, 3]),
  ];
  return graph.add('Slice', layer.name, [inputs[0], ...bounds]);
};
