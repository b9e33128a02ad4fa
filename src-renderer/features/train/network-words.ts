/** How much of a network is trained, and by which stage, in words. */
import type { ModelSummary, PlanStage } from '../../../src-main/contract/app/index.ts';
import { count } from '../../shared/text/format.ts';
import { networkText } from './text.ts';

type Counts = Pick<ModelSummary, 'unfrozenWeights' | 'trainableWeights' | 'stages' | 'backbone'>;

/** The first layer of the backbone that the last stage trains; null when it stays frozen. */
export function firstUnfrozen({ backbone }: Pick<ModelSummary, 'backbone'>): string | null {
  return backbone?.layers.find(({ trainable, params }) => trainable && params > 0)?.name ?? null;
}

/** `30 weight tensors, 4 of them train: the pretrained network is frozen.` */
export function trainsSentence(summary: Counts): string {
  const { unfrozenWeights, trainableWeights, stages = [] } = summary;
  const [, second] = stages;
  if (second !== undefined) {
    const then = count(second.trainableWeights);
    return networkText.inStages(unfrozenWeights, count(trainableWeights), then, firstUnfrozen(summary));
  }
  return trainableWeights === unfrozenWeights
    ? networkText.allTrain(unfrozenWeights)
    : networkText.someTrain(unfrozenWeights, count(trainableWeights));
}

/** What a stage does: `The head learns from …`. @param from the first layer that fine-tuning changes */
export function stageWork({ trains, input, solver }: PlanStage, from: string | null): string {
  if (solver === 'l-bfgs') return networkText.headSolved;
  if (trains === 'all') return networkText.wholeNetwork;
  if (trains === 'from') return networkText.fineTuning(from);
  return input === 'features' ? networkText.headOnFeatures : networkText.headOnPhotos;
}
