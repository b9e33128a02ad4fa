/** A stage of training: some weights of a network learn from one kind of data at one rate. A run has one or more. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Augmenter } from '../augmentation/augmenter.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { Solver } from '../network/recipe.ts';
import type { LabelledSlots } from '../step/batches.ts';
import type { Classifier } from '../step/classifier.ts';
import type { RecordReader } from '../../core/files/records.ts';

/** Where a stage gets its images, or their features, from; and what looks at them. */
export interface StageInput {
  readonly classifier: Classifier;
  readonly reader: RecordReader;
  readonly data: LabelledSlots;
}

/** A stage ready to run. */
export interface Stage {
  readonly train: StageInput & { readonly augmenter: Augmenter | null };
  /** Null when there are no validation images. */
  readonly validation: StageInput | null;
  readonly preprocessing: Preprocessing;
  /** The weights that change. */
  readonly variables: readonly tfjs.Variable[];
  /** What a checkpoint has to hold of the network. */
  readonly weights: readonly tfjs.Variable[];
  /** False where an epoch takes less time than saving the whole model: it is then saved when the stage ends. */
  readonly saveEveryEpoch: boolean;
  close(): Promise<void>;
}

/** Tells how far the preparation of a stage is. */
export type PrepareProgress = (phase: string, done: number, total: number) => void;

/** A stage to come. */
export type StagePlan = Solver & {
  /** `training`; or `head`, then `fine-tuning`. */
  readonly name: string;
  readonly epochs: number;
  /** The weights of before are kept where none of its epochs has a lower validation loss than they. */
  readonly mustImprove?: boolean;
  /** Makes it ready, which may take a while (features of all images). @throws AppError CANCELLED */
  open(onProgress: PrepareProgress, signal: AbortSignal | undefined): Promise<Stage>;
};
/** A stage to come that is trained in steps. */
export type DescentPlan = Extract<StagePlan, { solver: 'gradient-descent' }>;
