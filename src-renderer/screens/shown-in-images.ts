/** On the way from a check to Images: the grid shows what the check was about. */
import { onBeforeRouteLeave } from 'vue-router';
import type { ImageFilter } from '../../src-main/contract/index.ts';
import { useDatasetStore } from '../stores/dataset.ts';

/** Follows links such as `/images?check=blur` and `/images?finding=7` from the calling screen. */
export function useShownInImages(): void {
  const dataset = useDatasetStore();
  onBeforeRouteLeave(({ path, query }) => {
    const filter: ImageFilter = {};
    if (typeof query.check === 'string') filter.check = query.check;
    if (typeof query.finding === 'string') filter.finding = Number(query.finding);
    if (path === '/images' && Object.keys(filter).length > 0) {
      void dataset.setFilter(filter).catch(() => undefined);
    }
  });
}
