import { describe, expect, it } from 'vitest';
import {
  countRanges,
  idRangesSchema,
  packRanges,
  unpackRanges,
} from '../../../../src-main/contract/shared/id-ranges.ts';

describe('sets of ids', () => {
  it('are packed and unpacked', () => {
    expect(packRanges([3, 1, 2, 9])).toBe('1-3,9');
    expect(unpackRanges('1-3,9')).toEqual([1, 2, 3, 9]);
    expect([countRanges(''), countRanges('1-3,9')]).toEqual([0, 4]);
  });

  it.each(['0-9999999999,9999999999-0', '5-1', '0-9999999999', '1-3,9-8', '0-4999999,6000000-6000001'])(
    'refuses %j, which runs backwards or is too large',
    (text) => {
      expect(idRangesSchema.safeParse(text).success).toBe(false);
      const refused = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;
      expect(() => unpackRanges(text)).toThrowError(refused);
    },
  );

  it.each(['x', '1-2-3', '-5', '1,,2x'])('refuses %j, which is no set', (text) => {
    expect(idRangesSchema.safeParse(text).success).toBe(false);
    expect(() => unpackRanges(text)).toThrow();
  });
});
