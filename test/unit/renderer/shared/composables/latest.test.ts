import { effectScope } from 'vue';
import { expect, test } from 'vitest';
import { useLatest } from '../../../../../src-renderer/shared/composables/latest.ts';

/** A request whose answer comes when the test says so. */
function request<T>() {
  let answer: (value: T) => void = () => undefined;
  const answered = new Promise<T>((resolve) => (answer = resolve));
  return { answered, answer };
}

test('shows the answer to the newest question, also when an older one is answered after it', async () => {
  const latest = useLatest();
  const [slow, fast] = [request<string>(), request<string>()];
  let shown = '';
  async function show(answered: Promise<string>): Promise<void> {
    const signal = latest.begin();
    const text = await answered;
    if (!signal.aborted) shown = text;
  }
  const both = [show(slow.answered), show(fast.answered)];
  fast.answer('new');
  await both[1];
  expect(shown).toBe('new');
  slow.answer('old');
  await Promise.all(both);
  expect(shown).toBe('new');
});

test('work that belongs to the latest question makes nothing stale', () => {
  const latest = useLatest();
  const question = latest.begin();
  const { signal } = latest;
  expect(signal).toBe(question);
  expect(question.aborted).toBe(false);
});

test('cancel makes what is on its way stale and leaves later questions alone', () => {
  const latest = useLatest();
  const before = latest.begin();
  latest.cancel();
  expect(before.aborted).toBe(true);
  expect(latest.signal.aborted).toBe(false);
  expect(latest.begin().aborted).toBe(false);
});

test('questions of two kinds do not disturb each other', () => {
  const [lists, details] = [useLatest(), useLatest()];
  const list = lists.begin();
  details.begin();
  expect(list.aborted).toBe(false);
});

test('all answers are stale once the component that asked is gone', () => {
  const scope = effectScope();
  const latest = scope.run(useLatest)!;
  const signal = latest.begin();
  scope.stop();
  expect(signal.aborted).toBe(true);
});
