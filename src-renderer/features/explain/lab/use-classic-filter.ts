/** The photo under a filter that is applied in the page: the response map, and the map pooled. */
import { computed, ref, shallowRef, watch } from 'vue';
import { useLatest } from '../../../shared/composables/latest.ts';
import { type Grid, type Plane, convolvePlane, poolPlane, shiftPlane } from './convolution.ts';
import { filterPresets } from './examples.ts';
import { type PlaneLook, planePicture, rangeOf, readPlane } from './photo-planes.ts';
import { classicFilterText } from './text.ts';

/** Long side of the photo in the page, in pixels. */
const side = 300;
/** Filters whose response is a picture rather than a map of places. */
const pictureFilters = ['blur', 'sharpen', 'identity', 'emboss'];
const maxPoolings = 3;

/** The classic filters offered for photos. */
export const photoFilterPresets = filterPresets.filter(({ id }) => id !== 'lesson');

/**
 * Applies a filter to a photo whenever the photo, the filter or its position changes.
 *
 * Args:
 *   address: where the page finds the photo.
 *
 * Returns: the controls (`filter`, `look`, `shift`), what is drawn (`shown`; null until the photo is read), and
 *   `unreadable`: the photo cannot be shown in the page.
 */
export function useClassicFilter(address: () => string) {
  const filter = shallowRef<Grid>(photoFilterPresets[0].grid);
  const look = ref<PlaneLook>('relu');
  const shift = ref(0);
  const plane = shallowRef<Plane | null>(null);
  const unreadable = ref(false);
  const latest = useLatest();

  const preset = computed(() =>
    photoFilterPresets.find(({ grid }) => JSON.stringify(grid) === JSON.stringify(filter.value)),
  );
  function choosePreset(id: string): void {
    const found = photoFilterPresets.find((item) => item.id === id);
    if (found === undefined) return;
    filter.value = found.grid;
    look.value = pictureFilters.includes(id) ? 'picture' : 'relu';
  }

  watch(
    address,
    async (now) => {
      const signal = latest.begin();
      unreadable.value = false;
      try {
        const read = await readPlane(now, side);
        if (!signal.aborted) plane.value = read;
      } catch {
        if (!signal.aborted) unreadable.value = true;
      }
    },
    { immediate: true },
  );

  const moved = computed(() => (plane.value === null ? null : shiftPlane(plane.value, shift.value, 0)));
  const response = computed(() => (moved.value === null ? null : convolvePlane(moved.value, filter.value)));
  const shown = computed(() => {
    if (moved.value === null || response.value === null) return null;
    return {
      photo: planePicture(moved.value, 'picture'),
      ratio: moved.value.width / moved.value.height,
      response: planePicture(response.value, look.value),
      range: rangeOf(response.value),
      pooled: poolRepeatedly(response.value, look.value),
    };
  });

  return { filter, look, shift, preset, choosePreset, shown, unreadable };
}

/** The response map max pooled once, twice and three times, as far as anything of it is left. */
function poolRepeatedly(response: Plane, look: PlaneLook): { address: string; title: string }[] {
  const pooled = [];
  let smaller = response;
  for (let times = 1; times <= maxPoolings; times++) {
    smaller = poolPlane(smaller, 'max');
    if (smaller.width < 2 || smaller.height < 2) break;
    const title = `${times === 1 ? classicFilterText.maxPooled : classicFilterText.pooledTimes(times)}, ${smaller.width} × ${smaller.height}`;
    pooled.push({ address: planePicture(smaller, look), title });
  }
  return pooled;
}
