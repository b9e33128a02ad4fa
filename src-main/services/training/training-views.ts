/** What a run would train on if it began now. Every move of a slider needs it, so it is kept for a moment. */
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { projectPart } from '../base/project-session.ts';
import { type RunImage, collectDataset } from '../runs/run-files.ts';
import { type CompletedDraft, type TrainingDraft, completeDraft } from './training-draft.ts';

export interface TrainingView {
  readonly completed: CompletedDraft;
  /** The training images in the order in which a run has them. */
  readonly train: readonly RunImage[];
}

export type TrainingViews = (project: Project, draft: TrainingDraft) => Promise<TrainingView>;

/** Milliseconds after which the draft is completed anew; changes of the dataset are seen at once. */
const freshness = 5000;

const keptViews = projectPart(() => new Map<string, { made: number; view: Promise<TrainingView> }>());

/** Makes the views of one core. */
export function createTrainingViews(context: ServiceContext): TrainingViews {
  context.events.on(({ type }) => {
    const project = context.openedProject();
    if (type === 'dataset' && project !== null) keptViews(project).clear();
  });
  return (project, draft) => {
    const views = keptViews(project);
    const key = JSON.stringify([draft.recipe ?? null, draft.settings]);
    const found = views.get(key);
    if (found !== undefined && performance.now() - found.made < freshness) return found.view;
    views.clear();
    const view = lookAt(context, project, draft);
    views.set(key, { made: performance.now(), view });
    view.catch(() => views.delete(key));
    return view;
  };
}

async function lookAt(
  context: ServiceContext,
  project: Project,
  draft: TrainingDraft,
): Promise<TrainingView> {
  const completed = await completeDraft(context.settingsFolder, project, draft);
  const { images } = await collectDataset(project, completed.classes);
  return { completed, train: images.filter((image) => image[4] === 'train') };
}
