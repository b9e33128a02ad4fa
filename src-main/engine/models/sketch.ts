import type { LayerSketch } from '../network/backbone.ts';
import { type Topology, allLayers, nameOf } from '../network/topology.ts';

/** What networks are recognised by: the names and kinds of all layers. */
export function sketchOf(topology: Topology): LayerSketch {
  const layers = allLayers(topology);
  return {
    names: new Set(layers.map(nameOf)),
    count: (type) => layers.filter(({ class_name }) => class_name === type).length,
  };
}
