import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../src-main/contract/shared/errors.ts';
import { floatsOf, readTorchFile } from '../../../../../src-main/engine/models/pytorch/tensor-file.ts';
import { op, tensorCodes, torchFile } from '../../../../fixtures/models/torch-file.ts';

const one = { weight: { values: [1, 2, 3, 4, 5, 6], shape: [2, 3] } };

function refused(bytes: Uint8Array): string {
  try {
    readTorchFile(bytes, 'weights.pth');
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('MODEL_FILE_INVALID');
    return String((error as AppError).params.reason);
  }
  throw new Error('it was not refused');
}

describe('reading tensors of PyTorch', () => {
  it('gives the numbers row by row, whatever the buffer they come in', () => {
    const file = torchFile(one);
    const { shape } = readTorchFile(file, 'a').get('weight')!;
    expect(shape).toEqual([2, 3]);
    // A view that begins at an odd byte, and a Buffer, whose slice is no copy.
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    for (const bytes of [file, shifted.subarray(1), Buffer.from(file)]) {
      const tensor = readTorchFile(bytes, 'a').get('weight')!;
      expect([...floatsOf(tensor, [0, 1], 'a')]).toEqual([1, 2, 3, 4, 5, 6]);
      expect([...floatsOf(tensor, [1, 0], 'a')]).toEqual([1, 4, 2, 5, 3, 6]);
    }
  });

  it('honours strides and offsets, as weights that came from TensorFlow have them', () => {
    const values = Array.from({ length: 25 }, (_, index) => index);
    const tensors = readTorchFile(
      torchFile({ kernel: { values, shape: [2, 3, 2, 2], strides: [1, 2, 12, 6], offset: 1 } }),
      'a',
    );
    const kernel = tensors.get('kernel')!;
    const at = (a: number, b: number, c: number, d: number): number => 1 + a + 2 * b + 12 * c + 6 * d;
    const expected: number[] = [];
    for (const c of [0, 1])
      for (const d of [0, 1])
        for (const b of [0, 1, 2]) for (const a of [0, 1]) expected.push(at(a, b, c, d));
    expect([...floatsOf(kernel, [2, 3, 1, 0], 'a')]).toEqual(expected);
  });

  it('gives single numbers and reads whole numbers over', () => {
    const file = torchFile({ ...one, count: { values: [7], shape: [], type: 'Long' } });
    const tensors = readTorchFile(file, 'a');
    expect(tensors.get('count')!.shape).toEqual([]);
    expect(() => floatsOf(tensors.get('count')!, [], 'a')).toThrow(/whole numbers/);
  });

  it('lets two tensors share one storage', () => {
    const shared = { values: [1, 2, 3, 4], shape: [2, 2] };
    const both = [
      ...op.emptyDict,
      ...op.mark,
      ...op.text('whole'),
      ...tensorCodes('s', shared),
      ...op.text('column'),
      ...tensorCodes('s', { ...shared, shape: [2], strides: [2], offset: 1 }),
      ...op.setItems,
    ];
    const tensors = readTorchFile(torchFile({ s: shared }, { tensors: both }), 'a');
    expect([...floatsOf(tensors.get('column')!, [0], 'a')]).toEqual([2, 4]);
  });
});

describe('a file that is not what weights are', () => {
  const withTensors = (tensors: readonly number[]): Uint8Array => torchFile({}, { tensors, keys: [] });

  it.each([
    ['os', 'system'],
    ['builtins', 'eval'],
    ['torch', 'load'],
    ['torch.storage', '_load_from_bytes'],
  ])('is refused when it names %s.%s, before anything of it is called', (module, name) => {
    const call = [
      ...op.global(module, name),
      ...op.mark,
      ...op.text('touch /tmp/x'),
      ...op.tuple,
      ...op.reduce,
    ];
    expect(refused(withTensors(call))).toContain(`names ${module}.${name}`);
  });

  it.each([
    ['INST', 0x69],
    ['OBJ', 0x6f],
    ['NEWOBJ', 0x81],
    ['STACK_GLOBAL', 0x93],
    ['EXT1', 0x82],
    ['BINBYTES', 0x42],
    ['PERSID', 0x50],
    ['FRAME', 0x95],
  ])('is refused with the opcode %s', (_, code) => {
    expect(refused(withTensors([code]))).toContain(`opcode 0x${code.toString(16)}`);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /ends too early/],
    ['a zip file of PyTorch', Uint8Array.from([0x50, 0x4b, 3, 4]), /zip format/],
    ['a picture', Uint8Array.from([0xff, 0xd8, 0xff]), /opcode 0xff/],
    ['other magic', Uint8Array.from([...op.proto, ...op.int(5), ...op.stop]), /does not begin/],
    ['big-endian numbers', torchFile(one, { little: false }), /little-endian/],
    ['bytes too many', torchFile(one, { tail: [0] }), /1 bytes too many/],
    ['bytes too few', torchFile(one).subarray(0, -1), /ends too early/],
    ['another protocol of pickles', Uint8Array.from([0x80, 4, ...op.stop]), /another protocol/],
    ['no dictionary', withTensors(op.none), /tensors by name/],
    [
      'a number for a tensor',
      withTensors([...op.emptyDict, ...op.mark, ...op.text('w'), ...op.int(1), ...op.setItems]),
      /w is not described/,
    ],
    [
      'a number as a name',
      withTensors([...op.emptyDict, ...op.mark, ...op.int(1), ...op.int(1), ...op.setItems]),
      /not text/,
    ],
    [
      'a key without a value',
      withTensors([...op.emptyDict, ...op.mark, ...op.text('w'), ...op.setItems]),
      /damaged/,
    ],
    ['a value from nowhere', withTensors(op.get(9)), /damaged/],
    ['a mark that is missing', withTensors(op.tuple), /damaged/],
    ['entries of a number', withTensors([...op.int(1), ...op.mark, ...op.setItems]), /not a dictionary/],
    [
      'additions to a shared tuple',
      withTensors([...op.emptyTuple, ...op.mark, ...op.int(1), ...op.appends]),
      /damaged/,
    ],
    ['a call of a value', withTensors([...op.int(1), ...op.emptyTuple, ...op.reduce]), /not a name/],
    ['storages that no tensor has', torchFile(one, { keys: ['weight', 'other'] }), /list of storages/],
    ['a storage twice', torchFile(one, { keys: ['weight', 'weight'] }), /list of storages/],
    ['an unknown kind of numbers', torchFile({ w: { ...one.weight, type: 'Half' } }), /torch\.HalfStorage/],
    ['a text longer than the file', withTensors([0x58, 0xff, 0xff, 0xff, 0x7f]), /ends too early/],
  ])('is refused: %s', (_, bytes, reason) => {
    expect(refused(bytes)).toMatch(reason);
  });

  it.each([
    ['beyond its storage', { shape: [2, 4] }],
    ['beyond its storage', { shape: [2, 3], offset: 1 }],
    ['beyond its storage', { shape: [2, 3], strides: [1000, 1] }],
    // A small file must not become a large tensor.
    ['beyond its storage', { shape: [1000, 1000], strides: [0, 0] }],
    ['not described', { shape: [-2, -3] }],
    ['not described', { shape: [2, 3], strides: [-3, -1], offset: 5 }],
    ['not described', { shape: [2, 3], strides: [1] }],
    ['not described', { shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] }],
    ['too large', { shape: [2 ** 30, 2 ** 30], strides: [0, 0] }],
  ])('is refused: a tensor %s (%j)', (reason, wrong) => {
    expect(refused(torchFile({ w: { ...one.weight, ...wrong } }))).toContain(reason);
  });

  it('is refused at every length it may be cut to', () => {
    const file = torchFile(one);
    for (let length = 0; length < file.length; length++) refused(file.subarray(0, length));
  });

  it('never does anything else than being read or refused, whichever byte is another', () => {
    const file = torchFile({ ...one, count: { values: [7], shape: [], type: 'Long' } });
    for (let at = 0; at < file.length; at++) {
      for (const change of [1, 0x80, 0xff]) {
        const bytes = file.slice();
        bytes[at] ^= change;
        try {
          for (const tensor of readTorchFile(bytes, 'a').values())
            expect(tensor.shape.reduce((a, b) => a * b, 1)).toBeLessThanOrEqual(6);
        } catch (error) {
          expect((error as AppError).code).toBe('MODEL_FILE_INVALID');
        }
      }
    }
  });
});
