/** What of a network trains, in words. */
import type { ModelSummary, PlanStage } from '../../../src-main/contract/app/index.ts';
import { count, plural } from '../../shared/text/format.ts';
import { stageWord } from '../../shared/charts/run-marks.ts';

type Counts = Pick<ModelSummary, 'unfrozenWeights' | 'trainableWeights' | 'stages' | 'backbone'>;

/** The first layer of the backbone that the last stage trains; null when it stays frozen. */
export function firstUnfrozen({ backbone }: Pick<ModelSummary, 'backbone'>): string | null {
  return backbone?.layers.find(({ trainable, params }) => trainable && params > 0)?.name ?? null;
}

/** `30 weight tensors, 4 of them train: the pretrained network is frozen.` */
export function trainsSentence(summary: Counts): string {
  const { unfrozenWeights, trainableWeights, stages = [] } = summary;
  const all = plural(unfrozenWeights, 'weight tensor');
  const [, second] = stages;
  if (second !== undefined) {
    const from = firstUnfrozen(summary);
    return `${all}. While the head learns, ${count(trainableWeights)} of them train: the pretrained network is frozen. Then ${count(second.trainableWeights)} do${from === null ? '' : `, from ${from} on`}.`;
  }
  if (trainableWeights === unfrozenWeights) return `${all}, all of them train.`;
  return `${all}, ${count(trainableWeights)} of them train: the pretrained network is frozen.`;
}

/** What a stage does: `the head, on features computed once`. */
export function stageWork({ trains, input }: PlanStage, from: string | null): string {
  if (trains === 'all') return 'The whole network learns from your photos.';
  if (trains === 'from')
    return `The backbone learns along${from === null ? '' : ` from ${from} on`}, in small steps.`;
  return input === 'features'
    ? 'The head learns from what the frozen backbone says of each photo, computed once.'
    : 'The head learns; each step takes its photos through the frozen backbone.';
}

/** Stages with what they are called in a list. */
export function stageTitle(stage: Pick<PlanStage, 'name'>): string {
  return stageWord(stage.name);
}
