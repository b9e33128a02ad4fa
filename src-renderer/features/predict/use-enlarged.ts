/** The predicted photo that is shown large. */
import { type Ref, computed, ref } from 'vue';
import type { ShownPrediction } from './store.ts';

/** @param cards the photos that can be walked through */
export function useEnlarged(cards: Readonly<Ref<readonly ShownPrediction[]>>) {
  /** Its key: places change as predictions arrive. */
  const key = ref<number | null>(null);
  const place = computed(() => cards.value.findIndex((item) => item.key === key.value));
  function enlarge(item: ShownPrediction): void {
    key.value = item.key;
  }
  function walk(places: number): void {
    key.value = cards.value[place.value + places]?.key ?? key.value;
  }
  function close(): void {
    key.value = null;
  }
  return { place, enlarge, walk, close };
}
