import { describe, expect, test } from 'vitest';
import type { SuggestionsState } from '../../../../../src-main/contract/app/index.ts';
import {
  agreementText,
  guessesByClass,
  isLong,
  shownSuggestion,
  suggestionStatus,
} from '../../../../../src-renderer/features/labelling/suggestion-words.ts';

const classes = new Map([
  [1, { name: 'cats', index: 0 }],
  [2, { name: 'dogs', index: 1 }],
]);
const guess = (id: number, classId: number, probability = 0.9, learntAs: number | null = null) => ({
  id,
  classId,
  probability,
  learntAs,
});

describe('what a photo shows', () => {
  test('a guess for a photo without a label', () => {
    expect(shownSuggestion({ classId: null }, guess(1, 2, 0.874), classes)).toEqual({
      kind: 'guess',
      classId: 2,
      name: 'dogs',
      index: 1,
      certainty: '87%',
    });
  });

  test('nothing once it has a label, until that was learnt; then a doubt, if it is a clear one', () => {
    expect(shownSuggestion({ classId: 1 }, guess(1, 2), classes)).toBeNull();
    expect(shownSuggestion({ classId: 1 }, guess(1, 1, 0.99, 1), classes)).toBeNull();
    expect(shownSuggestion({ classId: 1 }, guess(1, 2, 0.6, 1), classes)).toBeNull();
    expect(shownSuggestion({ classId: 1 }, guess(1, 2, 0.9, 1), classes)).toMatchObject({ kind: 'doubt' });
  });

  test('nothing that was learnt from its own label, nor of a class that is gone', () => {
    expect(shownSuggestion({ classId: null }, guess(1, 2, 0.99, 2), classes)).toBeNull();
    expect(shownSuggestion({ classId: null }, guess(1, 7), classes)).toBeNull();
    expect(shownSuggestion(undefined, guess(1, 2), classes)).toBeNull();
  });
});

describe('what is accepted', () => {
  const suggestions = new Map(
    [guess(1, 1), guess(2, 2), guess(3, 1), guess(4, 2, 0.95, 1)].map((one) => [one.id, one]),
  );
  const photo = (id: number, classId: number | null = null) => ({ id, classId });

  test('among many photos the guesses, each its own', () => {
    const found = guessesByClass(
      [1, 2, 3, 9].map((id) => photo(id)),
      suggestions,
      classes,
    );
    expect(Object.fromEntries(found)).toEqual({ 1: [1, 3], 2: [2] });
  });

  test('a doubt only on one photo that is looked at', () => {
    expect(guessesByClass([photo(4, 1), photo(1)], suggestions, classes)).toEqual(new Map([[1, [1]]]));
    expect(guessesByClass([photo(4, 1)], suggestions, classes)).toEqual(new Map([[2, [4]]]));
  });
});

describe('how it goes', () => {
  const state = (part: Partial<SuggestionsState>): SuggestionsState => ({
    on: true,
    status: 'fresh',
    waitsFor: null,
    progress: { phase: 'learning', done: 0, total: null, rate: 0, secondsLeft: null },
    error: null,
    minPerClass: 3,
    order: null,
    version: 1,
    learntFrom: 12,
    suggested: 88,
    agreement: { asked: 0, agreed: 0 },
    ...part,
  });
  const counted = (cats: number, dogs: number) => [
    { name: 'cats', images: cats },
    { name: 'dogs', images: dogs },
  ];

  test('says what is missing', () => {
    const waiting = state({ status: 'waiting', waitsFor: 'labels', version: null });
    expect(suggestionStatus(waiting, [])).toBe('Make two classes and label 3 photos of each.');
    expect(suggestionStatus(waiting, counted(3, 1))).toBe(
      'Label 2 more photos of “dogs”: two classes need 3 each.',
    );
    expect(suggestionStatus(waiting, counted(0, 2))).toBe(
      'Label 1 more photo of “dogs” and 3 more photos of “cats”: two classes need 3 each.',
    );
    expect(suggestionStatus(state({ status: 'waiting', waitsFor: 'training' }), [])).toContain('training');
  });

  test('says that it is up to date, and from how much', () => {
    expect(suggestionStatus(state({}), [])).toBe('Up to date: 88 suggestions, learnt from 12 labels.');
  });

  test('only long work shows how far it is', () => {
    const phase = (name: string) => ({ ...state({}).progress, phase: name });
    expect(isLong(state({ status: 'working', progress: phase('looking at photos') }))).toBe(true);
    expect(isLong(state({ status: 'working', progress: phase('learning') }))).toBe(false);
    expect(isLong(state({ status: 'fresh', progress: phase('looking at photos') }))).toBe(false);
  });

  test('lets one judge it', () => {
    expect(agreementText({ asked: 0, agreed: 0 })).toBe('');
    expect(agreementText({ asked: 1, agreed: 0 })).toBe('You disagreed with the last one.');
    expect(agreementText({ asked: 50, agreed: 46 })).toBe('You agreed with 46 of the last 50.');
  });
});
