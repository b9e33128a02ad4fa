/** The keys of the Images screen. Most are handled where the focus is, or by the labelling bench, and only listed here. */
import { useShortcuts } from '../../shared/composables/shortcuts.ts';
import { screenText as text } from './text.ts';

/**
 * Lists the keys while the calling component lives.
 * @param all selects all photos that the grid shows
 */
export function useImagesShortcuts(all: () => void): void {
  useShortcuts(text.label, [
    { keys: ['1–9'], what: text.labelSelectedPhotosAsClass },
    { keys: ['.'], what: text.sameClassAsLast },
    { keys: ['a'], what: text.acceptSuggestedLabel },
    { keys: ['t'], what: text.labelByTyping },
    { keys: ['delete'], what: text.excludePhotos },
    { keys: ['0'], what: text.takeLabelAwayAlsoBackspace },
    { keys: ['meta', 'z'], what: text.undo },
    { keys: ['meta', 'shift', 'z'], what: text.redoAlsoCtrlY },
  ]);
  useShortcuts(text.images, [
    { keys: ['shift', 'arrowright'], what: text.chooseRangeAllArrows },
    // Wherever the focus is: the page's text is never meant.
    { keys: ['meta_a'], what: text.chooseAllThatGridShows, run: all },
    { keys: ['escape'], what: text.chooseNothingBackToGrid },
    { keys: ['enter'], what: text.enlargeChosenPhoto },
    { keys: ['f'], what: text.enlargedFullScreen },
    { keys: ['+'], what: text.largerThumbnails },
    { keys: ['-'], what: text.smallerThumbnails },
    { keys: ['home'], what: text.firstPhoto },
    { keys: ['end'], what: text.lastPhoto },
  ]);
}
