import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { keepTail } from '../../../../src-main/hosts/node/child-port.ts';

const noise = [
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n',
  'I0000 00:00:1795417.123456 123 mlir_graph_optimization_pass.cc:425] MLIR V1 optimization pass is not enabled\n',
];

test('TensorFlow’s standing remarks are left out, everything else is kept as it is, wherever it is cut', async () => {
  const written = `${noise[0]}E0000 CUDA error: größer als der Speicher\n${noise[1]}  at frame 3\nFatal: kil`;
  const bytes = Buffer.from(written);
  for (const size of [1, 7, 50, bytes.length]) {
    const stream = new PassThrough();
    const tail = keepTail(stream);
    for (let start = 0; start < bytes.length; start += size)
      stream.write(bytes.subarray(start, start + size));
    await new Promise(setImmediate);
    const kept = 'E0000 CUDA error: größer als der Speicher\n  at frame 3\nFatal: kil';
    expect(tail()).toBe(kept);
    stream.end();
    await finished(stream);
    expect(tail()).toBe(kept);
  }
});

test('only the last part of a long talk is kept', async () => {
  const stream = new PassThrough();
  const tail = keepTail(stream);
  for (let i = 0; i < 5000; i++) stream.write(`line ${i}\n`);
  await new Promise(setImmediate);
  expect(tail().length).toBeLessThanOrEqual(16_384);
  expect(tail().endsWith('line 4999\n')).toBe(true);
});
