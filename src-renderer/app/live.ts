/** Feeds the stores from the app's event stream, for as long as the page lives. */
import type { AppEvent } from '../../src-main/contract/app/index.ts';
import { api, toAppError, wire } from '../client/index.ts';
import { useAppStore } from '../shared/project/app.ts';
import { useAugmentationStore } from '../features/augment/index.ts';
import { useBackbonesStore, useRunsStore } from '../features/train/index.ts';
import { useCareStore } from '../shared/project/care.ts';
import { useChecksStore } from '../features/checks/index.ts';
import { coalesce } from '../shared/composables/coalesce.ts';
import { useDatasetStore } from '../shared/project/dataset.ts';
import { useImportsStore } from '../features/import/index.ts';
import { useExplainStore } from '../features/explain/index.ts';
import { useLabelFilesStore, useLabelsStore, useSuggestionsStore } from '../features/labelling/index.ts';
import { useMapStore } from '../features/map/index.ts';
import { usePhotoVersionsStore } from '../shared/project/photo-versions.ts';
import { usePredictionsStore } from '../features/predict/index.ts';
import { useProjectStore } from '../shared/project/project.ts';
import { useSettingsStore } from '../features/settings/index.ts';

const firstPause = 250;
const longestPause = 8000;

/** Reads one present state; when that fails, the event stream fails as well, and says so. */
function quietly(work: Promise<unknown>): void {
  work.catch(() => undefined);
}

/** Starts listening. Called once, after Pinia is there. */
export function startLiveUpdates(): void {
  const app = useAppStore();
  const project = useProjectStore();
  const care = useCareStore();
  const imports = useImportsStore();
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const labelFiles = useLabelFilesStore();
  const runs = useRunsStore();
  const predictions = usePredictionsStore();
  const augmentation = useAugmentationStore();
  const backbones = useBackbonesStore();
  const checks = useChecksStore();
  const map = useMapStore();
  const suggestions = useSuggestionsStore();
  const explain = useExplainStore();
  const settings = useSettingsStore();
  const photoVersions = usePhotoVersionsStore();
  const refreshDataset = coalesce(() => dataset.refresh());
  let entered: string | null = null;
  /** True after a (re)connection: the same project may have changed, so it is read again, but nothing is cleared. */
  let stale = true;

  /** @param key of the project: copies of one have the same id, but other photos and classes */
  function enter(key: string | null): void {
    if (key === entered && !stale) return;
    if (key !== entered) {
      care.reset();
      dataset.reset();
      labels.reset();
      labelFiles.reset();
      runs.reset();
      imports.reset();
      predictions.reset();
      augmentation.reset();
      checks.reset();
      map.reset();
      suggestions.reset();
      explain.reset();
      settings.reset();
    }
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

  function apply(event: AppEvent): void {
    switch (event.type) {
      case 'engine':
        app.engine = event.engine;
        break;
      case 'project':
        // What was asked for while its folder was gone has failed.
        stale ||= project.current?.problem != null && event.project?.problem === null;
        project.take(event.project);
        enter(event.project?.key ?? null);
        break;
      case 'care':
        care.take(event.care);
        break;
      case 'import':
        imports.state = event.import;
        if (event.import.status !== 'running') {
          photoVersions.renew();
          refreshDataset();
          map.datasetChanged();
        }
        break;
      case 'dataset':
        checks.datasetChanged();
        map.datasetChanged(event.edit);
        if (event.edit) labels.take(event.edit);
        else refreshDataset();
        break;
      case 'map':
        map.take(event.map);
        break;
      case 'checks':
        checks.take(event.checks);
        if (event.checks.status === 'done') map.datasetChanged();
        // Photos carry the marks of their findings.
        if (event.checks.status === 'done') refreshDataset();
        break;
      case 'suggestions':
        suggestions.take(event.suggestions);
        break;
      case 'backbones':
        backbones.take(event.backbones);
        break;
      case 'run':
        runs.take(event.run);
        if (event.run.status === 'done') map.datasetChanged();
        break;
      case 'run-removed':
        runs.drop(event.run);
        break;
    }
  }

  /** One life of the event stream. @returns true when it delivered something before it ended */
  async function follow(): Promise<boolean> {
    let delivered = false;
    stale = true;
    try {
      await app.load();
      for await (const event of await api.app.events()) {
        apply(event);
        delivered = true;
        app.failure = null;
      }
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === 'bug' && wire.state === 'open') app.failure = error.toData();
    }
    return delivered;
  }

  async function followForever(): Promise<void> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
      if (await follow()) pause = firstPause;
      await wire.ready(60_000);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  void followForever();
}
