/** Says the newest prediction to those who do not see it. */
import { watch } from 'vue';
import { announce } from '../../shared/composables/announce.ts';
import { percent } from '../../shared/text/format.ts';
import { usePredictionsStore } from './store.ts';
import { screenText } from './text.ts';

/** Announces while the calling component lives. */
export function useSpokenPredictions(): void {
  const predictions = usePredictionsStore();
  watch(
    () => predictions.shown[0]?.key,
    () => {
      const newest = predictions.shown[0];
      if (newest === undefined) return;
      const rest = predictions.shown.length > 1 ? screenText.inAll(predictions.shown.length) : '';
      const said = newest.error
        ? newest.error.message
        : newest.unknown
          ? screenText.dontKnow
          : `${newest.label}, ${percent(newest.probability ?? 0)}.`;
      announce(`${newest.image}: ${said}${rest}`);
    },
  );
}
