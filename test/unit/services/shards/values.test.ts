import { expect, test } from 'vitest';
import { decodeValues, encodeValues } from '../../../../src-main/services/shards/values.ts';

test('numbers come back as they were, as base64 and as a list', () => {
  const values = Float32Array.from([0, -1.5, 3.4e38, 1e-20]);
  expect(decodeValues(encodeValues(values), 4)).toEqual(values);
  expect(decodeValues(encodeValues(values.subarray(1, 3)), 2)).toEqual(values.slice(1, 3));
  expect(decodeValues([...values], 4)).toEqual(values);
});

test('what is of another length or holds something that is not a number is nothing', () => {
  expect(decodeValues(encodeValues(new Float32Array(3)), 4)).toBeNull();
  expect(decodeValues([1, 2], 3)).toBeNull();
  expect(decodeValues('AAAA', 1)).toBeNull();
  expect(decodeValues(encodeValues(Float32Array.from([1, Number.NaN])), 2)).toBeNull();
  expect(decodeValues([1, 1e39], 2)).toBeNull();
});
