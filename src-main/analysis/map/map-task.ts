/** What the map's thread is given and what it answers: where rows of features are, never the features themselves. */
import type { FeaturePlace } from '../../datasets/tiles/feature-rows.ts';

/** Where the features of the photos lie, row k for photo k. */
export type RowSource =
  /** A backbone's features, and the record of each photo. */
  | ({ readonly kind: 'backbone'; readonly slots: Int32Array } & FeaturePlace)
  /** Colours and shapes as the checks measured them. */
  | { readonly kind: 'signals'; readonly store: string; readonly hashes: readonly string[] };

/** Lay photos out. */
export interface MapTask {
  readonly rows: RowSource;
  readonly seed: number;
  /** Photos that UMAP lays out; see `layOut`. */
  readonly maxFitted?: number | undefined;
}

/** A finished map. */
export interface MapAnswer {
  /** `[photos, 2]`, from 0 to 65,535, both axes to the same scale. */
  readonly positions: Uint16Array;
  readonly fitted: number;
}
