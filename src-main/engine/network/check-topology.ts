/** Checks of a network's description that hold whatever its format: sizes, connections, input. */
import { AppError } from '../../contract/shared/errors.ts';
import { checkConnections } from './connections.ts';
import { type Topology, allLayers, inputShapeOf, networksIn } from './topology.ts';

/** The deepest networks in use have about a thousand. */
const maxLayers = 5000;
const maxConnections = 50_000;
/** A picture of as many numbers takes a gigabyte. */
const maxNumbers = 2 ** 28;

/**
 * Refuses what no network can be: more layers or connections than can be gone through in a moment, connections to what
 * is not there, inputs that no picture can have.
 * @param path for messages
 * @throws AppError MODEL_FILE_INVALID
 */
export function checkTopology(topology: Topology, path: string): void {
  checkCounts(topology, path);
  checkConnections(topology, path);
  checkInput(topology, path);
}

function checkCounts(topology: Topology, path: string): void {
  const layers = [...allLayers(topology), ...networksIn(topology)];
  const refuse = (what: string): AppError => new AppError('MODEL_FILE_INVALID', { path, reason: what });
  if (layers.length > maxLayers)
    throw refuse(`it has ${layers.length} layers, where at most ${maxLayers} are read`);
  let connections = 0;
  for (const { inbound_nodes: nodes = [] } of layers)
    connections += nodes.reduce((sum, node) => sum + Math.max(1, node.length), 0);
  if (connections > maxConnections)
    throw refuse(`its layers have ${connections} connections, where at most ${maxConnections} are read`);
}

/** Refuses inputs that no picture can have: without any size, or larger than the memory. */
function checkInput(topology: Topology, path: string): void {
  const sides = (inputShapeOf(topology) ?? []).slice(1);
  const numbers = sides.reduce<number>((product, side) => product * (side ?? 1), 1);
  if (sides.every((side) => side === null || (Number.isInteger(side) && side > 0)) && numbers <= maxNumbers)
    return;
  const reason = `it wants pictures of ${sides.join('×')}`;
  throw new AppError('MODEL_FILE_INVALID', { path, reason });
}
