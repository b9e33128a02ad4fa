/** Requests about edits, the journal, the grid's lists, and labels in files. */
import type { ImageFilter } from '../../contract/app/datasets.ts';
import { packIds } from '../../contract/shared/id-ranges.ts';
import type { AppliedEdit } from '../../contract/app/edits.ts';
import type { PhotoList, PhotoSort, labelsContract } from '../../contract/app/labels.ts';
import { listJournal, readRevision, redoEdit, undoEdit } from '../../project/edits/journal.ts';
import { previewEdit } from '../../project/edits/preview.ts';
import { listImageIds } from '../../project/images/photo-lists.ts';
import { listViews, removeView, saveView } from '../../project/images/saved-views.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { summarise } from '../project/dataset-summary.ts';
import type { EditRecorder } from '../project/edit-recorder.ts';
import { exportLabels } from './label-export.ts';
import { type LabelFile, planLabelImport } from './label-import.ts';
import { readPhotoDetails } from './photo-details.ts';
import { planSplit } from '../project/splits.ts';
import type { Suggestions } from '../suggestions/suggestions.ts';

/** Handlers of `contract.labels`. */
export function createLabelsService(
  context: ServiceContext,
  edits: EditRecorder,
  suggestions: Pick<Suggestions, 'order' | 'queueFirst'>,
): ServiceOf<typeof labelsContract> {
  const database = () => context.project().database;
  const views = {
    views: () => listViews(database()),
    saveView: (view: { name: string; filter: ImageFilter; sort: PhotoSort }) => {
      saveView(database(), view);
      return listViews(database());
    },
    removeView: ({ id }: { id: number }) => {
      removeView(database(), id);
      return listViews(database());
    },
  };
  const files = {
    previewImport: async (file: LabelFile, { signal }: { signal?: AbortSignal }) =>
      (await planLabelImport(context, file, signal)).preview,
    importLabels: async (file: LabelFile, { signal }: { signal?: AbortSignal }): Promise<AppliedEdit> =>
      edits.apply((await planLabelImport(context, file, signal)).edit),
  };
  return {
    apply: (edit) => edits.apply(edit),
    preview: (edit) => previewEdit(database(), edit),
    undo: () => edits.record(undoEdit(database())),
    redo: () => edits.record(redoEdit(database())),
    journalState: () => edits.state(),
    journal: ({ before, limit }) => listJournal(database(), limit, before),
    list: ({ filter, sort }): PhotoList => {
      const found = listImageIds(database(), filter, sort);
      const order =
        sort.by === 'uncertainty' ? suggestions.order : sort.by === 'next' ? suggestions.queueFirst : null;
      const ids = order === null ? found : order(found, sort.descending);
      return { ids: packIds(ids), total: ids.length, revision: readRevision(database()) };
    },
    details: ({ id }) => readPhotoDetails(context.project(), id),
    ...views,
    ...files,
    exportLabels: (request, { signal }) => exportLabels(context, request, signal),
    makeSplit: ({ fractions, seed, ...options }) => {
      const project = context.project();
      const applied = edits.apply(planSplit(project, fractions, seed, options));
      return { applied, summary: summarise(project) };
    },
  };
}
