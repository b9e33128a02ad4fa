/** Hands each event of the app's stream to the stores that it concerns. */
import type { AppEvent } from '../../src-main/contract/app/index.ts';
import { useChecksStore } from '../features/checks/index.ts';
import { useImportsStore } from '../features/import/index.ts';
import { useLabelsStore, useSuggestionsStore } from '../features/labelling/index.ts';
import { useMapStore } from '../features/map/index.ts';
import { useSortStore } from '../features/sort/index.ts';
import { useBackbonesStore, useRunsStore } from '../features/train/index.ts';
import { coalesce } from '../shared/composables/coalesce.ts';
import { useAppStore } from '../shared/project/app.ts';
import { useCareStore } from '../shared/project/care.ts';
import { useDatasetStore } from '../shared/project/dataset.ts';
import { usePhotoVersionsStore } from '../shared/project/photo-versions.ts';
import { useProjectStore } from '../shared/project/project.ts';
import { useOpenedProject } from './opened-project.ts';

type Handlers = {
  readonly [Type in AppEvent['type']]: (event: Extract<AppEvent, { type: Type }>) => void;
};

/** Makes the handlers. */
export function useEventHandlers() {
  const app = useAppStore();
  const project = useProjectStore();
  const care = useCareStore();
  const imports = useImportsStore();
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const runs = useRunsStore();
  const backbones = useBackbonesStore();
  const checks = useChecksStore();
  const map = useMapStore();
  const sort = useSortStore();
  const suggestions = useSuggestionsStore();
  const photoVersions = usePhotoVersionsStore();
  const refreshDataset = coalesce(() => dataset.refresh());
  const opened = useOpenedProject(refreshDataset);

  const handlers: Handlers = {
    engine: ({ engine }) => void (app.engine = engine),
    project: ({ project: next }) => {
      // Requests that were sent while its folder was missing have failed.
      if (project.current?.problem != null && next?.problem === null) opened.expire();
      project.take(next);
      opened.enter(next?.key ?? null);
    },
    care: (event) => care.take(event.care),
    import: ({ import: state }) => {
      imports.state = state;
      if (state.status === 'running') return;
      photoVersions.renew();
      refreshDataset();
      map.datasetChanged();
    },
    dataset: ({ edit }) => {
      checks.datasetChanged();
      map.datasetChanged(edit);
      if (edit) labels.take(edit);
      else refreshDataset();
    },
    map: (event) => map.take(event.map),
    checks: ({ checks: run }) => {
      checks.take(run);
      if (run.status !== 'done') return;
      map.datasetChanged();
      // Photos carry the marks of their findings.
      refreshDataset();
    },
    sorting: (event) => sort.take(event.sorting),
    suggestions: (event) => suggestions.take(event.suggestions),
    backbones: (event) => backbones.take(event.backbones),
    run: ({ run }) => {
      runs.take(run);
      if (run.status === 'done') map.datasetChanged();
    },
    'run-removed': ({ run }) => runs.drop(run),
  };

  return {
    apply: (event: AppEvent): void => (handlers[event.type] as (event: AppEvent) => void)(event),
    /** A new connection: what the page knows may be out of date. */
    reconnected: opened.expire,
  };
}
