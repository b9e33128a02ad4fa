/** What an export of photos is: where each photo goes, and which texts say what it is. */
import type { Split } from '../../../contract/shared/vocabulary.ts';

/** A photo in an export. */
export interface DatasetPhoto {
  /** In the export, with forward slashes. */
  readonly path: string;
  /** Place of its class in `classes`. */
  readonly label: number;
  readonly split: Split;
  readonly width: number;
  readonly height: number;
  /** SHA-256 of the file. */
  readonly hash: string;
}

/** The photos of a run with their classes. */
export interface OutgoingDataset {
  /** Of the run. */
  readonly name: string;
  readonly classes: readonly string[];
  readonly photos: readonly DatasetPhoto[];
}

/** A format. Adding one is adding its file and its line in `registries/exports/index.ts`. */
export interface DatasetFormat {
  readonly id: string;
  readonly label: string;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** The folder of the photos of a split and a class. @param classFolder a name that is safe as a folder */
  folder(split: Split, classFolder: string): string;
  /** Photos go into archives, so many in each; absent: as files. */
  readonly perArchive?: number;
  /** Text files beside the photos, by name. */
  texts(dataset: OutgoingDataset): Readonly<Record<string, string>>;
  /** The part of its README that says how it is used, in Markdown. */
  readonly usage: string;
  /** What stands before its README, such as a card of a hub. */
  readonly frontMatter?: string;
}

/** The class names, one a line. */
export function labelsText({ classes }: OutgoingDataset): string {
  return `${classes.join('\n')}\n`;
}
