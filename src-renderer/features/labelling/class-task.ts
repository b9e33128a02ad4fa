/** The form about a class: what it would do is asked for while it is filled in. */
import { ref, shallowRef } from 'vue';
import type { AppliedEdit, EditInput, EditPreview, ErrorData } from '../../../src-main/contract/app/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import type { ClassTask } from './class-tasks.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useLabelsStore } from './store.ts';

/** Milliseconds without a key after which the preview is asked for. */
const rest = 120;

/**
 * Runs one form at a time.
 * @param done is called when a form goes away
 * @param report says what an edit did
 */
export function useClassTask(done: () => void, report: (applied: AppliedEdit) => void) {
  const labels = useLabelsStore();
  const task = shallowRef<ClassTask | null>(null);
  /** Grows with each form, so that a new one starts afresh. */
  const number = ref(0);
  const preview = shallowRef<EditPreview | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  const previews = useLatest();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function begin(next: ClassTask): void {
    task.value = next;
    number.value++;
    preview.value = null;
    failure.value = null;
  }
  function cancel(): void {
    task.value = null;
    done();
  }

  async function ask(edit: EditInput): Promise<void> {
    const signal = previews.begin();
    try {
      const next = await labels.preview(edit);
      if (!signal.aborted) preview.value = next;
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    }
  }
  /** Asks what an edit would do; null: it is not complete. */
  function look(edit: EditInput | null): void {
    clearTimeout(timer);
    previews.cancel();
    preview.value = null;
    failure.value = null;
    if (edit !== null) timer = setTimeout(() => void ask(edit), rest);
  }

  async function apply(edit: EditInput): Promise<void> {
    clearTimeout(timer);
    previews.cancel();
    const applied = await labels.apply(edit);
    if (applied === null) {
      failure.value = labels.failure;
      labels.failure = null;
      return;
    }
    report(applied);
    cancel();
  }

  return { task, number, preview, failure, begin, cancel, look, apply };
}
