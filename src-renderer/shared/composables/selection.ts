/** Which photos are chosen, as the file manager does it: by click, Ctrl and Shift. */

/** How a photo is picked: alone, in or out, or all from the last one to it; `move`: only the starting point of keys moves. */
export type PickHow = 'only' | 'toggle' | 'range' | 'move';

/** How a click picks. */
export const pickHowOf = (event: MouseEvent): PickHow =>
  event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** The photo that details are of and that keys start from. */
  readonly current: number | null;
  /** Where a range begins. */
  readonly anchor: number | null;
}

export const emptySelection: Selection = { ids: new Set(), current: null, anchor: null };

/** The selection after a photo of the list was picked. */
export function pick(selection: Selection, list: readonly number[], id: number, how: PickHow): Selection {
  switch (how) {
    case 'only':
      return { ids: new Set([id]), current: id, anchor: id };
    case 'move':
      return { ...selection, current: id };
    case 'toggle': {
      const ids = new Set(selection.ids);
      if (!ids.delete(id)) ids.add(id);
      return { ids, current: id, anchor: id };
    }
    case 'range': {
      const from = list.indexOf(selection.anchor ?? selection.current ?? id);
      const to = list.indexOf(id);
      if (from < 0 || to < 0) return pick(selection, list, id, 'only');
      const ids = new Set(list.slice(Math.min(from, to), Math.max(from, to) + 1));
      return { ids, current: id, anchor: list[from] };
    }
  }
}

/** All photos of the list; the current one stays. */
export function pickAll(selection: Selection, list: readonly number[]): Selection {
  return { ids: new Set(list), current: selection.current ?? list[0] ?? null, anchor: list[0] ?? null };
}

/** Nothing is chosen; keys start from where they were. */
export function pickNone({ current }: Selection): Selection {
  return { ids: new Set(), current, anchor: null };
}

/** What is left of the selection in another list. */
export function keepIn(selection: Selection, list: readonly number[]): Selection {
  if (selection.ids.size === 0 && selection.current === null) return selection;
  const { current, anchor } = selection;
  // One photo, the usual case, needs no set of the whole list.
  const among = selection.ids.size <= 1 ? null : new Set(list);
  const has = (id: number): boolean => among?.has(id) ?? list.includes(id);
  const ids = [...selection.ids].filter(has);
  return {
    ids: ids.length === selection.ids.size ? selection.ids : new Set(ids),
    current: current !== null && has(current) ? current : (ids[0] ?? null),
    anchor: anchor !== null && has(anchor) ? anchor : null,
  };
}

/** The photo to continue with: the first after the selection, at the end the last before it; null when none is left. */
export function nextAfter(selection: Selection, list: readonly number[]): number | null {
  const { ids, current } = selection;
  let last = ids.size === 0 && current !== null ? list.indexOf(current) : -1;
  if (ids.size === 1) last = list.indexOf([...ids][0]);
  else if (ids.size > 1) last = list.findLastIndex((id) => ids.has(id));
  const after = list[last + 1];
  if (after !== undefined) return after;
  return list.findLast((id) => !ids.has(id)) ?? null;
}
