import { afterEach, expect, it, vi } from 'vitest';
import { Throttle } from '../../../../src-main/core/jobs/throttle.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('lets through once per interval, and always where that is wanted', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const throttle = new Throttle();
  const due = (later: number, always?: boolean): boolean => {
    vi.advanceTimersByTime(later);
    return throttle.isDue(always);
  };
  expect([due(0), due(199), due(1), due(50, true), due(199), due(1)]).toEqual([
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
});
