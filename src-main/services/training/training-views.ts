/** What a run would train on if it began now: asked for with every move of a slider, so it is kept for a moment. */
import type { TrainingSettings } from '../../contract/shared/training-settings.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { type RunImage, collectDataset } from '../runs/run-files.ts';
import { type FullPlan, makePlan } from './training-plan.ts';

export interface TrainingView {
  readonly full: FullPlan;
  /** The training images in the order in which a run has them. */
  readonly train: readonly RunImage[];
}

/** Of the recipe (without one: the one-click choice) with these settings. */
export interface ViewRequest {
  readonly recipe?: string | undefined;
  readonly settings: TrainingSettings;
}

export type TrainingViews = (project: Project, request: ViewRequest) => Promise<TrainingView>;

/** Milliseconds after which the plan is made anew; changes of the dataset are seen at once. */
const freshness = 5000;

/** Makes the views of one core. */
export function createTrainingViews(context: ServiceContext): TrainingViews {
  let known = new WeakMap<Project, Map<string, { made: number; view: Promise<TrainingView> }>>();
  context.events.on(({ type }) => {
    if (type === 'dataset') known = new WeakMap();
  });
  return (project, request) => {
    const views = known.get(project) ?? new Map<string, { made: number; view: Promise<TrainingView> }>();
    known.set(project, views);
    const key = JSON.stringify([request.recipe ?? null, request.settings]);
    const found = views.get(key);
    if (found !== undefined && performance.now() - found.made < freshness) return found.view;
    views.clear();
    const view = lookAt(context, project, request);
    views.set(key, { made: performance.now(), view });
    view.catch(() => views.delete(key));
    return view;
  };
}

async function lookAt(
  context: ServiceContext,
  project: Project,
  request: ViewRequest,
): Promise<TrainingView> {
  const full = await makePlan(context, project, request);
  const { images } = await collectDataset(project, full.classes);
  return { full, train: images.filter((image) => image[4] === 'train') };
}
