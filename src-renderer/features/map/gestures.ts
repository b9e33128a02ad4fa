/** What pointer, wheel and keys do to the map: move, zoom, draw a loop, pick. */
import { type Ref, ref, shallowRef } from 'vue';
import { type MapView, type Size, type Spot, moveBy, wholeMap, zoomAt } from './view.ts';

/** How chosen photos are joined with those before. */
export type ChooseHow = 'only' | 'add' | 'remove';
export type MapTool = 'lasso' | 'move';

/** What the gestures end in. */
export interface GestureTargets {
  loop(spots: readonly Spot[], how: ChooseHow): void;
  /** A click. */
  pick(spot: Spot, how: ChooseHow): void;
  open(spot: Spot): void;
  clear(): void;
}

/** Pixels that a pointer may move in a click. */
const steady = 4;
const step = 60;
const zoomStep = 1.3;

/** Follows the pointer and keys over the map. */
export function useMapGestures(
  view: Ref<MapView>,
  size: Ref<Size>,
  tool: () => MapTool,
  targets: GestureTargets,
) {
  /** The loop being drawn. */
  const loop = shallowRef<readonly Spot[]>([]);
  const moving = ref(false);
  /** Where the pointer is when it only looks. */
  const hovered = shallowRef<Spot | null>(null);
  let start: Spot | null = null;
  let last: Spot = { x: 0, y: 0 };

  const spotOf = (event: PointerEvent | WheelEvent | MouseEvent): Spot => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const howOf = (event: MouseEvent): ChooseHow =>
    event.altKey ? 'remove' : event.shiftKey || event.ctrlKey || event.metaKey ? 'add' : 'only';

  function end(): void {
    start = null;
    moving.value = false;
    loop.value = [];
  }

  const listeners = {
    pointerdown(event: PointerEvent): void {
      if (event.button > 1) return;
      const target = event.currentTarget as HTMLElement;
      target.setPointerCapture(event.pointerId);
      target.focus({ preventScroll: true });
      event.preventDefault();
      hovered.value = null;
      start = last = spotOf(event);
      moving.value = tool() === 'move' || event.button === 1;
      loop.value = moving.value ? [] : [start];
    },
    pointermove(event: PointerEvent): void {
      const spot = spotOf(event);
      if (start === null) hovered.value = spot;
      else if (moving.value) {
        view.value = moveBy(view.value, spot.x - last.x, spot.y - last.y, size.value);
        last = spot;
      } else if (Math.hypot(spot.x - last.x, spot.y - last.y) >= 3) {
        loop.value = [...loop.value, spot];
        last = spot;
      }
    },
    pointerup(event: PointerEvent): void {
      if (start === null) return;
      const spot = spotOf(event);
      const still = Math.hypot(spot.x - start.x, spot.y - start.y) < steady && loop.value.length < 3;
      const drawn = loop.value;
      const wasMove = moving.value;
      end();
      if (still && event.button === 0) targets.pick(spot, howOf(event));
      else if (!wasMove) targets.loop(drawn, howOf(event));
    },
    pointercancel: end,
    pointerleave: (): void => void (hovered.value = null),
    dblclick: (event: MouseEvent): void => targets.open(spotOf(event)),
    wheel(event: WheelEvent): void {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      const factor = Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) * 0.003);
      view.value = zoomAt(view.value, spotOf(event), factor, size.value);
    },
    keydown(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event.key)) return;
      event.preventDefault();
    },
  };

  function zoom(factor: number): void {
    const middle = { x: size.value.width / 2, y: size.value.height / 2 };
    view.value = zoomAt(view.value, middle, factor, size.value);
  }
  const showAll = (): void => void (view.value = wholeMap(size.value));

  const keys: Record<string, () => void> = {
    ArrowLeft: () => (view.value = moveBy(view.value, step, 0, size.value)),
    ArrowRight: () => (view.value = moveBy(view.value, -step, 0, size.value)),
    ArrowUp: () => (view.value = moveBy(view.value, 0, step, size.value)),
    ArrowDown: () => (view.value = moveBy(view.value, 0, -step, size.value)),
    '+': () => zoom(zoomStep),
    '=': () => zoom(zoomStep),
    '-': () => zoom(1 / zoomStep),
    '0': showAll,
    Escape: () => (start === null ? targets.clear() : end()),
  };
  function onKey(key: string): boolean {
    const act = keys[key];
    act?.();
    return act !== undefined;
  }

  return {
    listeners,
    loop,
    moving,
    hovered,
    zoomIn: () => zoom(zoomStep),
    zoomOut: () => zoom(1 / zoomStep),
    showAll,
  };
}
