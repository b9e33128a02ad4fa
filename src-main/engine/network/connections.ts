/** How the layers of a network call one another: checked before tfjs, which looks for ever for what is not there. */
import { AppError } from '../../contract/shared/errors.ts';
import {
  type LayerEntry,
  type NetworkEnd,
  type Topology,
  asTopology,
  firstCall,
  isNetwork,
  nameOf,
} from './topology.ts';

/** The calls of a layer that its file describes. */
interface Calls {
  readonly layer: LayerEntry;
  readonly nodes: NonNullable<LayerEntry['inbound_nodes']>;
  /** The number of the first of `nodes`. */
  readonly first: number;
  /** Numbers of the calls that could be made, in the order in which tfjs makes them. */
  readonly made: number[];
  /** Numbers of those that wait for others. */
  waiting: number[];
}

/** Makes all calls that can be made, as tfjs does it: layer after layer, again and again. */
function makeCalls(layers: readonly LayerEntry[]): ReadonlyMap<string, Calls> {
  const all = new Map<string, Calls>();
  for (const layer of layers) {
    const nodes = (layer.inbound_nodes ?? []).filter((node) => node.length > 0);
    // Inputs and networks have had a call when they are made.
    const first = layer.class_name === 'InputLayer' ? 1 : firstCall(layer);
    const waiting = nodes.map((_, index) => first + index);
    all.set(nameOf(layer), { layer, nodes, first, made: first === 1 ? [0] : [], waiting });
  }
  const made = new Set([...all].flatMap(([name, calls]) => calls.made.map((call) => `${call} ${name}`)));
  const isMade = (from: string, call: number): boolean => made.has(`${call} ${from}`);
  for (let before = -1, count = 0; count !== before;) {
    before = count;
    for (const [name, calls] of all) {
      const left: number[] = [];
      for (const call of calls.waiting) {
        const ready = calls.nodes[call - calls.first].every(([from, number]) => isMade(from, number));
        (ready ? calls.made : left).push(call);
        if (!ready) continue;
        made.add(`${call} ${name}`);
        count++;
      }
      calls.waiting = left;
    }
  }
  return all;
}

/** How many outputs a layer has; of layers that may have several, as many as are used. */
function outputsOf({ class_name, config, ...layer }: LayerEntry): number {
  if (!isNetwork({ class_name, config })) {
    const several =
      class_name === 'Bidirectional' || config.return_state === true || config.returnState === true;
    return several ? Infinity : 1;
  }
  const inner = asTopology({ class_name, config, ...layer }).config;
  if (class_name !== 'Sequential') return inner.output_layers?.length ?? 0;
  const last = inner.layers.at(-1);
  return last === undefined ? 0 : outputsOf(last);
}

/**
 * Refuses networks whose layers cannot be connected as the file says: connections to layers, calls or outputs that are
 * not there, and circles. Nested networks are looked at too.
 * @param path for messages
 * @throws AppError MODEL_FILE_INVALID
 */
export function checkConnections({ class_name, config }: Topology, path: string): void {
  const invalid = (reason: string): AppError => new AppError('MODEL_FILE_INVALID', { path, reason });
  const { layers } = config;
  if (layers.length === 0) throw invalid('its network has no layers');
  for (const layer of layers) if (isNetwork(layer)) checkConnections(asTopology(layer), path);
  const calls = makeCalls(layers);
  const twice = layers.find((layer) => calls.get(nameOf(layer))!.layer !== layer);
  if (twice !== undefined) throw invalid(`it has two layers that are called ${nameOf(twice)}`);
  if (class_name === 'Sequential') return;

  const check = (end: NetworkEnd, what: string): void => {
    const [from, call, output] = end;
    const found = calls.get(from);
    if (found === undefined) throw invalid(`${what} a layer ${from}, which it does not have`);
    const count = found.first + found.nodes.length;
    if (!(call >= 0 && call < count))
      throw invalid(`${what} call ${call + 1} of the layer ${from}, which has ${count}`);
    const outputs = outputsOf(found.layer);
    if (!(output >= 0 && output < outputs))
      throw invalid(`${what} output ${output + 1} of the layer ${from}, which has ${outputs}`);
  };
  for (const layer of layers) {
    for (const [from, call, output] of (layer.inbound_nodes ?? []).flat())
      check([from, call, output], `its layer ${nameOf(layer)} follows`);
  }
  const { input_layers: begins = [], output_layers: ends = [] } = config;
  if (begins.length === 0 || ends.length === 0)
    throw invalid('it does not say where its network begins or ends');
  for (const end of [...begins, ...ends]) check(end, 'it begins or ends with');

  const waiting = [...calls.values()].filter((layer) => layer.waiting.length > 0);
  if (waiting.length === 0) return;
  const names = waiting.slice(0, 3).map(({ layer }) => nameOf(layer));
  throw invalid(
    `its layers are connected in a circle (${names.join(', ')}${waiting.length > 3 ? ', …' : ''})`,
  );
}

/**
 * The same network, the calls of its layers numbered in the order in which tfjs makes them, where that is not the
 * file's order: it would take one call for another.
 */
export function numberedAsMade(topology: Topology): Topology {
  const { config } = topology;
  const calls = makeCalls(config.layers);
  const placed = <End extends readonly [string, number, ...unknown[]]>(end: End): End => {
    const [from, call, ...rest] = end;
    const place = calls.get(from)?.made.indexOf(call) ?? -1;
    return (place < 0 ? end : [from, place, ...rest]) as End;
  };
  const layers = config.layers.map((layer) => {
    const inner = isNetwork(layer) ? { ...layer, ...numberedAsMade(asTopology(layer)) } : layer;
    const nodes = layer.inbound_nodes?.map((node) => node.map(placed));
    return { ...inner, config: { ...inner.config }, ...(nodes && { inbound_nodes: nodes }) };
  });
  return {
    ...topology,
    config: {
      ...config,
      layers,
      ...(config.input_layers && { input_layers: config.input_layers.map(placed) }),
      ...(config.output_layers && { output_layers: config.output_layers.map(placed) }),
    },
  };
}
