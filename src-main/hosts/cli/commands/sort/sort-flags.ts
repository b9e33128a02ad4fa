/** The flags of `lenslet sort`. */
import { Option } from 'commander';
import { AppError } from '../../../../contract/shared/errors.ts';
import { between, projectFlag } from '../../flags.ts';

/** As commander gives them. */
export interface SortFlags {
  readonly project?: string;
  readonly out?: string;
  readonly copy?: boolean;
  readonly move?: boolean;
  readonly link?: boolean;
  readonly threshold?: number;
  readonly burst?: number;
  readonly boxes?: string;
  readonly boxConfidence: number;
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly undo?: boolean;
  readonly csv?: string;
}

/** The flags for commander. */
export function sortFlags(): Option[] {
  return [
    projectFlag('the project of the run, when it is given by its id'),
    new Option('--out <dir>', 'where the class folders are made').makeOptionMandatory(),
    new Option('--copy', 'copy the photos; the usual').conflicts(['move', 'link']),
    new Option('--move', 'move the photos').conflicts(['copy', 'link']),
    new Option('--link', 'hard links, and symbolic ones to other drives').conflicts(['copy', 'move']),
    new Option(
      '--threshold <p>',
      'below this probability a photo is unknown; without it, as the run was calibrated',
    ).argParser(between(0, 1)),
    new Option(
      '--burst <seconds>',
      'photos of one camera, each within so many seconds of the one before, get one answer',
    ).argParser(between(0, 3600)),
    new Option(
      '--boxes <file>',
      'detections of MegaDetector (JSON): boxes are classified, empty photos set aside',
    ),
    new Option('--box-confidence <p>', 'from which confidence boxes count')
      .argParser(between(0, 1))
      .default(0.2),
    new Option('--dry-run', 'predict, and say where the photos would go; nothing is moved'),
    new Option('--resume', 'continue a sorting that was cut short, or carry out one that was a dry run'),
    new Option('--undo', 'put the photos of the last sorting into --out back'),
    new Option('--csv <file>', 'also write a table, with time and place of each photo'),
  ];
}

/** How files get there. */
export function byOf({ move, link }: SortFlags): 'copy' | 'move' | 'link' {
  return move === true ? 'move' : link === true ? 'link' : 'copy';
}

/** A word that must be there. @throws AppError USAGE_INVALID */
export function required(word: string | undefined, what: string): string {
  if (word !== undefined) return word;
  throw new AppError('USAGE_INVALID', { detail: `${what} is missing`, command: 'sort' });
}
