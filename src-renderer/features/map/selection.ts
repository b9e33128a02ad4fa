/** The photos chosen on the map, and what is done with exactly these. */
import { computed, shallowRef, watch } from 'vue';
import type { EditInput } from '../../../src-main/contract/app/index.ts';
import { packRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { announce } from '../../shared/composables/announce.ts';
import { notDrawn } from './colouring.ts';
import type { ChooseHow } from './gestures.ts';
import { useLabelsStore } from '../labelling/index.ts';
import { useMapStore } from './store.ts';
import { selectionText as text } from './text.ts';

/** Keeps the choice as long as the same map is shown. @param groups what is drawn */
export function useMapSelection(groups: () => Uint16Array) {
  const map = useMapStore();
  const labels = useLabelsStore();
  /** 1 for chosen points; null when none is. */
  const chosen = shallowRef<Uint8Array | null>(null);

  const places = computed(() => {
    const list: number[] = [];
    chosen.value?.forEach((is, at) => {
      if (is === 1) list.push(at);
    });
    return list;
  });
  const ids = computed(() => places.value.map((at) => map.points!.ids[at]));

  watch(
    () => map.points?.version,
    () => (chosen.value = null),
  );
  // Photos that are no longer drawn are no longer chosen: only visible photos should be labelled.
  watch(groups, (of) => {
    if (chosen.value?.some((is, at) => is === 1 && of[at] === notDrawn)) {
      take(chosen.value.map((is, at) => (of[at] === notDrawn ? 0 : is)));
    }
  });

  function take(next: Uint8Array): void {
    chosen.value = next.includes(1) ? next : null;
  }
  function choose(at: readonly number[], how: ChooseHow = 'only'): void {
    const next =
      how === 'only' || chosen.value === null ? new Uint8Array(groups().length) : chosen.value.slice();
    if (how !== 'remove') for (const place of at) next[place] = 1;
    else if (chosen.value !== null) for (const place of at) next[place] = 0;
    take(next);
    announce(text.chosen(places.value.length));
  }
  const clear = (): void => void (chosen.value = null);

  /** Makes an edit and reports it. */
  async function make(edit: EditInput): Promise<void> {
    const applied = await labels.apply(edit);
    if (applied !== null) announce(applied.entry?.sentence ?? text.nothingToChange);
  }
  const images = (): string => packRanges(ids.value);

  return {
    chosen,
    places,
    ids,
    choose,
    clear,
    label: (classId: number | null) => make({ kind: 'label', images: images(), classId }),
    labelAs: (name: string) => make({ kind: 'label-as', images: images(), name }),
    exclude: () => make({ kind: 'exclude', images: images() }),
  };
}
