/** Follows which project is open: forgets the one before, and reads the present state of the new one. */
import { useAugmentationStore } from '../features/augment/index.ts';
import { useChecksStore } from '../features/checks/index.ts';
import { useExplainStore } from '../features/explain/index.ts';
import { useImportsStore } from '../features/import/index.ts';
import { useLabelFilesStore, useLabelsStore, useSuggestionsStore } from '../features/labelling/index.ts';
import { useMapStore } from '../features/map/index.ts';
import { usePredictionsStore } from '../features/predict/index.ts';
import { useExportsStore } from '../features/results/index.ts';
import { useSettingsStore } from '../features/settings/index.ts';
import { useSortStore } from '../features/sort/index.ts';
import { useRunsStore } from '../features/train/index.ts';
import { useCareStore } from '../shared/project/care.ts';
import { useDatasetStore } from '../shared/project/dataset.ts';
import { usePhotoVersionsStore } from '../shared/project/photo-versions.ts';

/** Reads one present state; when that fails, the event stream fails as well, and reports it. */
function quietly(work: Promise<unknown>): void {
  work.catch(() => undefined);
}

/** @param refreshDataset reads the whole dataset */
export function useOpenedProject(refreshDataset: () => void) {
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const runs = useRunsStore();
  const imports = useImportsStore();
  const checks = useChecksStore();
  const suggestions = useSuggestionsStore();
  const map = useMapStore();
  const photoVersions = usePhotoVersionsStore();
  /** The stores whose contents belong to the open project. */
  const ofProject = [
    useCareStore(),
    dataset,
    labels,
    useLabelFilesStore(),
    runs,
    imports,
    usePredictionsStore(),
    useAugmentationStore(),
    checks,
    map,
    suggestions,
    useExplainStore(),
    useExportsStore(),
    useSettingsStore(),
    useSortStore(),
  ];
  let entered: string | null = null;
  /** True after a (re)connection: the same project may have changed, so it is read again, but nothing is cleared. */
  let stale = true;

  /** @param key of the project: copies of one have the same id, but other photos and classes */
  function enter(key: string | null): void {
    if (key === entered && !stale) return;
    if (key !== entered) for (const store of ofProject) store.reset();
    entered = key;
    stale = false;
    if (key === null) return;
    photoVersions.renew();
    refreshDataset();
    quietly(labels.refresh());
    quietly(runs.refresh());
    quietly(imports.refresh());
    quietly(checks.refresh());
    quietly(suggestions.refresh());
    map.datasetChanged();
  }

  /** What the page knows may be out of date: the next `enter` reads it again. */
  function expire(): void {
    stale = true;
  }
  return { enter, expire };
}
