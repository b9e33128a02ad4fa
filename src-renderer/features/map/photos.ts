/** Facts about single photos of the map: names, labels, predictions, findings. */
import { watchDebounced } from '@vueuse/core';
import { computed, ref, shallowRef } from 'vue';
import type { DatasetImage } from '../../../src-main/contract/app/index.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { useMapStore } from './store.ts';
import { photosText as text } from './text.ts';

/** Names that are kept. */
const maxKnown = 2000;

/** Reads details of photos when they are needed. */
export function useMapPhotos() {
  const map = useMapStore();
  const dataset = useDatasetStore();
  const classOf = computed(() => new Map((dataset.summary?.classes ?? []).map((item) => [item.id, item])));
  /** Points by photo. */
  const placeOf = computed(() => new Map(Array.from(map.points?.ids ?? [], (id, at) => [id, at])));

  const known = shallowRef<ReadonlyMap<number, DatasetImage>>(new Map());
  async function learn(ids: readonly number[]): Promise<void> {
    const missing = ids.filter((id) => !known.value.has(id));
    if (missing.length === 0) return;
    const found = await dataset.imagesOf(missing).catch(() => []);
    known.value = new Map(
      [...known.value, ...found.map((image) => [image.id, image] as const)].slice(-maxKnown),
    );
  }

  /** The point under the pointer; −1 for none. */
  const hovered = ref(-1);
  watchDebounced(
    hovered,
    (at) => {
      if (at >= 0 && map.points !== null) void learn([map.points.ids[at]]);
    },
    { debounce: 40 },
  );

  const fileName = (id: number): string => known.value.get(id)?.path.split('/').at(-1) ?? '';
  const labelAt = (at: number) => classOf.value.get(map.marks?.classes[at] ?? -1) ?? null;
  /** What was predicted, where it is not the label. */
  function predictedAt(at: number) {
    const { classes, predictions } = map.marks ?? {};
    if (classes === undefined || predictions === undefined || predictions[at] === classes[at]) return null;
    return classOf.value.get(predictions[at]) ?? null;
  }
  const findingsAt = (at: number): string[] =>
    (map.marks?.checks ?? [])
      .filter((_, bit) => (map.marks!.findings[at] >> bit) & 1)
      .map(({ label }) => label);
  const nameOf = (id: number): string =>
    [fileName(id) || text.photo, labelAt(placeOf.value.get(id) ?? -1)?.name ?? text.noLabel].join(', ');

  return { placeOf, learn, hovered, fileName, labelAt, predictedAt, findingsAt, nameOf };
}
