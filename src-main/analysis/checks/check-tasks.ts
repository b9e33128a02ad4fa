/** The heavy parts of checks and of suggested labels, as data: they run in a thread of their own, so that nobody waits. */
import type { FeaturePlace } from '../../datasets/tiles/feature-rows.ts';
import type { SimilarPair } from './mathematics/near-duplicate-search.ts';
import type { SuggestedClasses } from './mathematics/suggest-labels.ts';

/** Something for the thread to do. */
export type CheckTask =
  | {
      readonly kind: 'measure';
      /** Path of the signal store. */
      readonly store: string;
      readonly pack: { readonly path: string; readonly size: number; readonly channels: 1 | 3 };
      readonly photos: readonly { readonly hash: string; readonly slot: number }[];
    }
  | { readonly kind: 'near-duplicates'; readonly store: string; readonly hashes: readonly string[] }
  | {
      readonly kind: 'out-of-fold';
      readonly data: Float32Array;
      readonly dimension: number;
      readonly labels: Int32Array;
      readonly groups: Int32Array | null;
      readonly classes: number;
      readonly seed: number;
    }
  | {
      readonly kind: 'suggest';
      readonly features: FeaturePlace;
      /** Record of each photo; −1 for those that have none. */
      readonly slots: Int32Array;
      /** Class id of each photo; −1 without a label. */
      readonly labels: Int32Array;
      /** The classes to learn. */
      readonly classIds: Int32Array;
      readonly seed: number;
    }
  | {
      readonly kind: 'outlyingness';
      readonly data: Float32Array;
      readonly dimension: number;
      readonly labels: Int32Array;
      readonly seed: number;
    };

/** What each kind of task answers. */
export interface CheckAnswers {
  measure: number;
  'near-duplicates': SimilarPair[];
  'out-of-fold': Float32Array;
  outlyingness: Float32Array;
  /** Null when features that should be there are gone. */
  suggest: SuggestedClasses | null;
}
