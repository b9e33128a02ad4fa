/** Links to photos that a check was about: the address says which, and Images shows these. */
import { watch } from 'vue';
import { type LocationQuery, onBeforeRouteLeave, useRoute, useRouter } from 'vue-router';
import type { ImageFilter } from '../../../src-main/contract/app/index.ts';
import { useDatasetStore } from './dataset.ts';

/** The filter that an address asks for, e.g. `?check=blur` or `?finding=7`. */
function askedFilter({ check, finding }: LocationQuery): Pick<ImageFilter, 'check' | 'finding'> {
  const id = typeof finding === 'string' ? Number(finding) : NaN;
  return {
    ...(typeof check === 'string' && check !== '' ? { check } : {}),
    ...(Number.isInteger(id) ? { finding: id } : {}),
  };
}

const asksNothing = (filter: object): boolean => Object.keys(filter).length === 0;

/** Follows links such as `/images?check=blur` and `/images?finding=7` from the calling screen. */
export function useShownInImages(): void {
  const dataset = useDatasetStore();
  onBeforeRouteLeave(({ path, query }) => {
    const filter = askedFilter(query);
    if (path === '/images' && !asksNothing(filter)) void dataset.setFilter(filter).catch(() => undefined);
  });
}

/** On Images itself: what the address asks for is shown, also after a reload, and the address follows the filter. */
export function useAddressedFilter(): void {
  const dataset = useDatasetStore();
  const route = useRoute();
  const router = useRouter();
  const isShown = ({ check, finding }: ImageFilter): boolean =>
    check === dataset.filter.check && finding === dataset.filter.finding;

  watch(
    () => [route.query.check, route.query.finding, dataset.listed],
    () => {
      const asked = askedFilter(route.query);
      if (!dataset.listed || asksNothing(asked) || isShown(asked)) return;
      dataset.setFilter(asked).catch(() => undefined);
    },
    { immediate: true },
  );
  watch(
    () => [dataset.filter.check, dataset.filter.finding] as const,
    ([check, finding]) => {
      if (!dataset.listed || route.path !== '/images' || isShown(askedFilter(route.query))) return;
      void router.replace({ path: '/images', query: { ...route.query, check, finding } });
    },
    { immediate: true },
  );
}
