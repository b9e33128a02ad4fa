/** What a check is. One file each, listed in `index.ts`. */
import type { CheckedPhoto } from '../../project/images/checked-photos.ts';
import type { Severity } from '../../contract/app/checks.ts';
import type { Edit } from '../../contract/app/edits.ts';
import type { ClassRow } from '../../project/images/classes.ts';
import type { SignalNumbers } from './measure/signal-store.ts';

/** A file that an import refused. */
export interface RefusedFile {
  readonly path: string;
  readonly code: string;
  /** Why, a sentence. */
  readonly reason: string;
}

/** Features of photos, row k for photo k. */
export interface PhotoFeatures {
  readonly data: Float32Array;
  readonly dimension: number;
}

/** A group of near-duplicates. */
export interface PhotoGroup {
  /** Places in `photos`, ascending. */
  readonly members: readonly number[];
  /** The least correlation that joins it, 0–1. */
  readonly likeness: number;
}

/** What checks look at, and the heavy work they share: each is done once, when the first check asks. */
export interface CheckContext {
  readonly photos: readonly CheckedPhoto[];
  readonly classes: readonly ClassRow[];
  readonly refused: readonly RefusedFile[];
  /** Measurements of each photo; null where its pixels are gone. */
  signals(): Promise<readonly (SignalNumbers | null)[]>;
  /** Border colours of a photo, 24 numbers. To be asked after `signals`. */
  border(photo: CheckedPhoto): Uint8Array | null;
  /** Near-duplicates, photos of equal content included. */
  groups(): Promise<readonly PhotoGroup[]>;
  /** Features of labelled photos, or null where no backbone has computed any. */
  features(photos: readonly CheckedPhoto[]): Promise<PhotoFeatures | null>;
  /** Out-of-fold probabilities of a classifier on features, `rows × classes`. */
  outOfFold(
    features: PhotoFeatures,
    labels: Int32Array,
    classes: number,
    groups: Int32Array | null,
  ): Promise<Float32Array>;
  outlyingness(features: PhotoFeatures, labels: Int32Array): Promise<Float32Array>;
  readonly seed: number;
  /** How far the present check has come. @throws AppError CANCELLED */
  progress(done: number, total: number): void;
}

/** Something a check found. */
export interface Found {
  /** One sentence. */
  readonly message: string;
  /** How bad among its kind, 0–1. */
  readonly score: number;
  /** The worst or leading one first. */
  readonly photos: readonly CheckedPhoto[];
  /** Files that are no photos of the project. */
  readonly paths?: readonly string[];
  /** When it is worse or less bad than the check usually is. */
  readonly severity?: Severity;
  readonly suggestedClassId?: number;
  /** What names it beside its photos, for findings about a class. */
  readonly about?: string;
}

/** A stored finding, as a fix sees it. */
export interface FixableFinding {
  readonly photos: readonly CheckedPhoto[];
  readonly suggestedClassId: number | null;
}

/** Mends findings by one edit, which is previewed and can be undone. */
export interface Fix {
  /** What it does, e.g. `Keep one of each`. */
  readonly label: string;
  /** Null when there is nothing it could do. */
  edit(findings: readonly FixableFinding[], classes: readonly ClassRow[]): Edit | null;
}

/** A check of the dataset's quality. */
export interface Check {
  readonly id: string;
  readonly label: string;
  readonly severity: Severity;
  /** Why it matters, for people who hear of it the first time. */
  readonly explanation: string;
  /** It can only run where a backbone's features are there. */
  readonly needsFeatures?: true;
  find(context: CheckContext): Promise<Found[]>;
  readonly fix?: Fix;
}
