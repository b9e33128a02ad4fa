/** A photo of the grid for those who do not see it: `cat 12.jpg, cats, training, has a comment`. */
import type { DatasetImage } from '../../../src-main/contract/app/index.ts';
import { splitWords } from '../../shared/text/format.ts';
import type { ShownSuggestion } from '../labelling/index.ts';
import { isMistaken } from './mistaken.ts';
import { imageGridText as text } from './text.ts';

/** Names a photo with its label, its split and its marks. @param image undefined until its details are there */
export function tileName(
  image: DatasetImage | undefined,
  classes: ReadonlyMap<number, { readonly name: string }>,
  suggestion: ShownSuggestion | null,
): string {
  if (image === undefined) return text.image;
  const label = image.classId === null ? text.noLabel : (classes.get(image.classId)?.name ?? '');
  const split = image.split === null ? text.inNoSplit : splitWords[image.split].toLowerCase();
  const marks = [
    ...(suggestion === null ? [] : [text.looksLikeCertain(suggestion.name, suggestion.certainty)]),
    ...(image.excluded ? [text.leftOut] : []),
    ...(image.checks.length > 0 ? [text.hasFindings] : []),
    ...(image.comment === null ? [] : [text.hasComment]),
    ...(isMistaken(image) ? [text.called(classes.get(image.prediction!.classId)?.name ?? '')] : []),
  ];
  return [image.path.split('/').at(-1), label, split, ...marks].join(', ');
}
