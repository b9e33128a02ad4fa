/** CSS colours as bytes, for pixels that the map draws itself; they change with light and dark. */
import { useMutationObserver } from '@vueuse/core';
import { type ComputedRef, computed, shallowRef } from 'vue';
import type { Colour } from './raster.ts';

function toBytes(values: readonly string[]): Colour[] {
  const probe = document.createElement('span');
  document.body.append(probe);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const colours = values.map((value): Colour => {
    probe.style.color = value;
    // A pixel of it: the canvas knows all ways of writing colours.
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  });
  probe.remove();
  return colours;
}

/** The bytes of CSS colours, variables and all; read again when the page turns light or dark. */
export function useColourBytes(values: () => readonly string[]): ComputedRef<readonly Colour[]> {
  const turned = shallowRef(0);
  useMutationObserver(document.documentElement, () => turned.value++, { attributeFilter: ['class'] });
  const key = computed(() => values().join('|'));
  return computed(() => {
    void turned.value;
    return toBytes(key.value.split('|'));
  });
}
