import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { QuickRequests } from '../../../../src-main/hosts/engine-process/quick-requests.ts';

test('a step waits until a request that has come is answered', async () => {
  const quick = new QuickRequests();
  let answered = false;
  setImmediate(() => {
    void quick.run(async () => {
      await wait(30);
      answered = true;
    });
  });
  await quick.letOthers();
  expect(answered).toBe(true);
});

test('nothing waits while there is none, nor for ever for one that fails', async () => {
  const quick = new QuickRequests();
  await expect(quick.run(() => Promise.reject(new RangeError('no')))).rejects.toThrow('no');
  const begun = performance.now();
  await quick.letOthers();
  expect(performance.now() - begun).toBeLessThan(500);
});
