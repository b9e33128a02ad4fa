/** Steps through the positions of a window: by button, by key, or while it plays. */
import { useIntervalFn } from '@vueuse/core';
import { type Ref, computed, ref, watch } from 'vue';

/** Milliseconds a position stays when it plays. */
const pace = 900;

/**
 * Steps through `rows × columns` positions in reading order.
 * @param shape positions; either may be 0 when nothing fits
 */
export function useStepping(shape: () => { rows: number; columns: number }) {
  const position: Ref<number> = ref(0);
  const count = computed(() => shape().rows * shape().columns);
  const row = computed(() => Math.floor(position.value / Math.max(1, shape().columns)));
  const column = computed(() => position.value % Math.max(1, shape().columns));
  const {
    isActive: playing,
    pause,
    resume,
  } = useIntervalFn(
    () => {
      if (position.value >= count.value - 1) pause();
      else position.value++;
    },
    pace,
    { immediate: false },
  );
  watch(count, () => (position.value = Math.max(0, Math.min(position.value, count.value - 1))));

  function go(to: number): void {
    pause();
    position.value = Math.max(0, Math.min(count.value - 1, to));
  }
  function toggle(): void {
    if (playing.value) return pause();
    if (position.value >= count.value - 1) position.value = 0;
    resume();
  }
  /** Handles a key where the figure has the focus. @returns whether the key was handled */
  function onKey(event: KeyboardEvent): void {
    const { columns } = shape();
    const moves: Record<string, number> = {
      ArrowLeft: position.value - 1,
      ArrowRight: position.value + 1,
      ArrowUp: position.value - columns,
      ArrowDown: position.value + columns,
      Home: 0,
      End: count.value - 1,
    };
    if (event.key === ' ') toggle();
    else if (event.key in moves) {
      const to = moves[event.key];
      if (to >= 0 && to < count.value) go(to);
    } else return;
    event.preventDefault();
  }
  return { position, count, row, column, playing, go, toggle, onKey };
}
