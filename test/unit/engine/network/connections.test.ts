import { describe, expect, it } from 'vitest';
import { checkConnections, numberedAsMade } from '../../../../src-main/engine/network/connections.ts';
import type {
  Connection,
  LayerEntry,
  NetworkEnd,
  Topology,
} from '../../../../src-main/engine/network/topology.ts';

const from = (layer: string, call = 0, output = 0): Connection => [layer, call, output, {}];

function layer(name: string, ...calls: Connection[][]): LayerEntry {
  return { class_name: 'Add', name, config: { name }, inbound_nodes: calls };
}

const input: LayerEntry = { class_name: 'InputLayer', name: 'in', config: { name: 'in' }, inbound_nodes: [] };

function graph(layers: LayerEntry[], end: NetworkEnd): Topology {
  return {
    class_name: 'Functional',
    config: { name: 'net', layers: [input, ...layers], input_layers: [['in', 0, 0]], output_layers: [end] },
  };
}

/** What is wrong with a network; null when nothing is. */
function wrong(topology: Topology): string | null {
  try {
    checkConnections(topology, 'model.json');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('networks that can never be put together', () => {
  it.each([
    [
      'a circle',
      [layer('a', [from('in'), from('b')]), layer('b', [from('a')])],
      ['b', 0, 0],
      'in a circle (a, b)',
    ],
    ['a layer that follows itself', [layer('a', [from('a')])], ['a', 0, 0], 'in a circle (a)'],
    [
      'a call',
      [layer('a', [from('in', 5)])],
      ['a', 0, 0],
      'layer a follows call 6 of the layer in, which has 1',
    ],
    [
      'an output',
      [layer('a', [from('in', 0, 3)])],
      ['a', 0, 0],
      'follows output 4 of the layer in, which has 1',
    ],
    ['an end', [layer('a', [from('in')])], ['a', 4, 0], 'ends with call 5 of the layer a, which has 1'],
    ['a name', [layer('a', [from('b')])], ['a', 0, 0], 'follows a layer b, which it does not have'],
    [
      'two of a name',
      [layer('a', [from('in')]), layer('a', [from('in')])],
      ['a', 0, 0],
      'two layers that are called a',
    ],
  ] as [string, LayerEntry[], NetworkEnd, string][])('%s is named', (_, layers, end, message) => {
    expect(wrong(graph(layers, end))).toContain(message);
    // The same inside of another network.
    const nested = {
      ...graph(layers, end),
      name: 'inner',
      inbound_nodes: [[from('in')]],
    } as unknown as LayerEntry;
    expect(wrong(graph([nested], ['inner', 1, 0]))).toContain(message);
  });
});

it('shared layers, layers in any order and nested networks are put together', () => {
  const shared = layer('s', [from('in')], [from('a')], [from('s', 1)]);
  expect(wrong(graph([layer('end', [from('s', 2)]), shared, layer('a', [from('s')])], ['end', 0, 0]))).toBe(
    null,
  );
  const inner = graph([layer('a', [from('in')])], ['a', 0, 0]);
  const nested = { ...inner, name: 'inner', inbound_nodes: [[from('in')]] } as unknown as LayerEntry;
  expect(wrong(graph([nested], ['inner', 1, 0]))).toBe(null);
});

it('calls are numbered in the order in which they can be made', () => {
  // The first call of `s` follows a layer that comes later; the second can be made at once.
  const layers = [
    layer('s', [from('late')], [from('in')]),
    layer('late', [from('in')]),
    layer('x', [from('s', 1)]),
  ];
  const made = numberedAsMade(graph(layers, ['s', 0, 0]));
  expect(made.config.output_layers).toEqual([['s', 1, 0]]);
  expect(made.config.layers.at(-1)!.inbound_nodes).toEqual([[['s', 0, 0, {}]]]);
});
