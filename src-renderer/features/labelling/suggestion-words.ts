/** Suggested labels, and the progress of the work on them, in words. */
import type {
  DatasetClass,
  DatasetImage,
  Suggestion,
  SuggestionsState,
} from '../../../src-main/contract/app/index.ts';
import { count, percent, plural } from '../../shared/text/format.ts';

/** A suggestion as a photo shows it. */
export interface ShownSuggestion {
  /** `guess`: of a photo without a label; `doubt`: the photo is labelled otherwise. */
  readonly kind: 'guess' | 'doubt';
  readonly classId: number;
  readonly name: string;
  /** Place of the class in the palette. */
  readonly index: number;
  /** `87%` */
  readonly certainty: string;
}

/** Less certain ones do not speak against a label that somebody gave. */
const minDoubt = 0.8;

/** What a suggestion says of a photo now; null when it says nothing, or was learnt from another label. */
export function shownSuggestion(
  image: Pick<DatasetImage, 'classId'> | undefined,
  suggestion: Suggestion | undefined,
  classes: ReadonlyMap<number, Pick<DatasetClass, 'name' | 'index'>>,
): ShownSuggestion | null {
  if (image === undefined || suggestion === undefined || suggestion.learntAs !== image.classId) return null;
  const found = classes.get(suggestion.classId);
  if (found === undefined) return null;
  const { classId, probability } = suggestion;
  const doubted = image.classId !== null;
  if (doubted && (classId === image.classId || probability < minDoubt)) return null;
  const { name, index } = found;
  return { kind: doubted ? 'doubt' : 'guess', classId, name, index, certainty: percent(probability, 0) };
}

/** Work that takes longer than a moment: it shows how far it is, and can be ended. */
export function isLong({ status, progress }: SuggestionsState): boolean {
  return status === 'working' && progress.phase !== 'learning';
}

/** The assistant's state in one line, with what is missing. */
export function suggestionStatus(
  state: SuggestionsState,
  classes: readonly Pick<DatasetClass, 'name' | 'images'>[],
): string {
  switch (state.status) {
    case 'off':
      return '';
    case 'failed':
      return 'Suggestions could not be made.';
    case 'waiting':
      return waitingWords(state, classes);
    case 'working':
      return state.version === null ? 'Learning from your labels…' : 'Learning from the new labels…';
    case 'fresh':
      return state.suggested === 0
        ? `Up to date: no photo without a label. Learnt from ${plural(state.learntFrom, 'label')}.`
        : `Up to date: ${plural(state.suggested, 'suggestion')}, learnt from ${plural(state.learntFrom, 'label')}.`;
  }
}

function waitingWords(
  { waitsFor, minPerClass }: SuggestionsState,
  classes: readonly Pick<DatasetClass, 'name' | 'images'>[],
): string {
  if (waitsFor === 'training') return 'A training is running: suggestions continue when it has finished.';
  if (waitsFor === 'backbone') return 'Suggestions need a pretrained network, and none is installed.';
  const short = classes.filter(({ images }) => images < minPerClass);
  const ready = classes.length - short.length;
  if (classes.length < 2) return `Make two classes and label ${count(minPerClass)} photos of each.`;
  const wanted = [...short].sort((a, b) => b.images - a.images).slice(0, 2 - ready);
  const words = wanted.map(
    ({ name, images }) => `${plural(minPerClass - images, 'more photo')} of “${name}”`,
  );
  return words.length === 0
    ? 'The files of the labelled photos are missing, so nothing can be learnt from them.'
    : `Label ${words.join(' and ')}: two classes need ${count(minPerClass)} each.`;
}

/** `Agreed with 46 of the last 50`; empty before there is anything to report. */
export function agreementText({ asked, agreed }: SuggestionsState['agreement']): string {
  if (asked === 0) return '';
  return asked === 1
    ? `You ${agreed === 1 ? 'agreed' : 'disagreed'} with the last one.`
    : `You agreed with ${count(agreed)} of the last ${count(asked)}.`;
}

/** Labels to give, by class: the guesses among some photos. */
export function guessesByClass(
  images: readonly Pick<DatasetImage, 'id' | 'classId'>[],
  suggestions: ReadonlyMap<number, Suggestion>,
  classes: ReadonlyMap<number, Pick<DatasetClass, 'name' | 'index'>>,
): Map<number, number[]> {
  // A doubt is accepted only on a single photo, never among many.
  const alone = images.length === 1;
  const byClass = new Map<number, number[]>();
  for (const image of images) {
    const shown = shownSuggestion(image, suggestions.get(image.id), classes);
    if (shown === null || (shown.kind === 'doubt' && !alone)) continue;
    byClass.set(shown.classId, [...(byClass.get(shown.classId) ?? []), image.id]);
  }
  return byClass;
}
