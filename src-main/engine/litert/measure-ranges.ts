/** The ranges of all values of a network on photos, measured by the program that will compute them. */
import type { ModelRuntime } from '../base/model-runtime.ts';
import type { LoweredNetwork } from '../lowering/operations.ts';
import type { Ranges } from './int8-site.ts';
import type { Range } from './quantization.ts';
import { litertInput, writeLitert } from './write-litert.ts';

/**
 * Measures with floats.
 * @param photos pixels from 0 to 255, one at a time
 * @returns the range of each value by its name
 */
export async function measureRanges(
  runtime: ModelRuntime,
  network: LoweredNetwork,
  photos: AsyncIterable<Uint8Array>,
): Promise<Ranges> {
  const { graph, inputs } = writeLitert(network, 'float32');
  const names = Object.keys(graph.computed());
  const session = await runtime.open(graph.write('', inputs, graph.computed()));
  const ranges = new Map<string, Range>();
  try {
    for await (const pixels of photos) {
      const found = await session.run(
        litertInput,
        [1, ...network.imageShape],
        Float32Array.from(pixels),
        names,
      );
      for (const [at, name] of names.entries()) ranges.set(name, widened(ranges.get(name), found[at].values));
    }
  } finally {
    await session.close();
  }
  return ranges;
}

function widened(before: Range | undefined, values: Float32Array): Range {
  let { least, greatest } = before ?? { least: Infinity, greatest: -Infinity };
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}
