/** Colours for canvases, which know no CSS variables; they change with light and dark. */
import { useMutationObserver } from '@vueuse/core';
import { type Ref, shallowRef } from 'vue';

export interface ChartTheme {
  readonly text: string;
  readonly strong: string;
  readonly line: string;
  readonly background: string;
  readonly training: string;
  readonly validation: string;
  /** Of runs that are compared, by their place. */
  readonly runs: readonly string[];
  readonly font: string;
}

/** Resolves any CSS colour, variables and all, to what a canvas takes. */
function colour(value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

function read(): ChartTheme {
  return {
    text: colour('var(--ui-text-muted)'),
    strong: colour('var(--ui-text-highlighted)'),
    line: colour('var(--line)'),
    background: colour('var(--ui-bg)'),
    training: colour('var(--curve-training)'),
    validation: colour('var(--curve-validation)'),
    runs: Array.from({ length: 6 }, (_, place) => colour(`var(--run-${place})`)),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** The present colours, read again when the page turns light or dark. */
export function useChartTheme(): Ref<ChartTheme> {
  const theme = shallowRef(read());
  useMutationObserver(document.documentElement, () => (theme.value = read()), { attributeFilter: ['class'] });
  return theme;
}
