/** What is worth marking in a run's curves: where a stage begins, which epoch was the best, why it ended. */
import type { Epoch, Run } from '../../../src-main/contract/app/index.ts';
import { plural } from '../text/format.ts';

/** A stage in the curves. */
export interface StageMark {
  readonly name: string;
  /** Between the last epoch before it and its first one; 0 for the first stage. */
  readonly x: number;
}

const stageWords: Record<string, string> = {
  training: 'Training',
  head: 'Head',
  'fine-tuning': 'Fine-tuning',
};

/** A stage as people read it. */
export function stageWord(name: string): string {
  return stageWords[name] ?? name;
}

/** True when the weights of a run were solved for at once: it has no epochs and no curves. */
export function isSolved({ recipe }: Pick<Run, 'recipe'>): boolean {
  return recipe === 'linear-probe';
}

/** The stages of a run that has more than one; empty for the others. */
export function stageMarks(history: readonly Pick<Epoch, 'epoch' | 'stage'>[]): StageMark[] {
  const marks: StageMark[] = [];
  history.forEach(({ epoch, stage }, i) => {
    if (i === 0) marks.push({ name: stageWord(stage), x: 0 });
    else if (stage !== history[i - 1].stage) marks.push({ name: stageWord(stage), x: epoch - 0.5 });
  });
  return marks.length > 1 ? marks : [];
}

/** The epochs of the stage that was trained last. */
function lastStage(history: readonly Epoch[]): readonly Epoch[] {
  const name = history.at(-1)?.stage;
  const first = history.findLastIndex(({ stage }) => stage !== name) + 1;
  return history.slice(first);
}

function lowest(epochs: readonly Epoch[]): Epoch | null {
  return epochs.reduce<Epoch | null>((best, epoch) => {
    if (epoch.valLoss === null || !Number.isFinite(epoch.valLoss)) return best;
    return best === null || epoch.valLoss < best.valLoss! ? epoch : best;
  }, null);
}

/** The epochs whose weights may be kept: of this recipe also the head that was solved for first. */
function rivals({ recipe, history }: Pick<Run, 'recipe' | 'history'>): readonly Epoch[] {
  return recipe === 'tuned-probe' ? history : lastStage(history);
}

/** The epoch whose weights are kept; null when the last ones are, or nothing was validated. */
export function bestEpochOf(run: Pick<Run, 'recipe' | 'history' | 'settings'>): Epoch | null {
  return run.settings.keepBest ? lowest(rivals(run)) : null;
}

function keptSentence(kept: Epoch, lastEpochs: readonly Epoch[]): string {
  if (lastEpochs.includes(kept)) return `The weights of epoch ${kept.epoch}, the best, are kept.`;
  return 'Fine-tuning did not lower the validation loss: the network is kept as it was before.';
}

/** Whether, and why, a finished run took fewer epochs than planned, and which weights it kept; empty: nothing to say. */
export function endSentence(
  run: Pick<Run, 'recipe' | 'history' | 'settings' | 'status' | 'totalEpochs'>,
): string {
  const { settings, history, status } = run;
  if (status !== 'done') return '';
  const stage = lastStage(history);
  const best = lowest(stage);
  const kept = bestEpochOf(run);
  const early = settings.patience !== null && stage.length < settings.epochs && best !== null;
  const sentences: string[] = [];
  if (early) {
    const spared = plural(settings.epochs - stage.length, 'epoch');
    sentences.push(
      `Ended ${spared} early: none of the last ${settings.patience} had a lower validation loss than epoch ${best.epoch}.`,
    );
  }
  if (kept !== null && kept !== stage.at(-1)) sentences.push(keptSentence(kept, stage));
  return sentences.join(' ');
}
