/** Which rows are selected, by id, so that rows arriving or leaving never move the selection to another row. */

export interface Selection {
  /** The row with the keyboard focus, shown in the inspector. */
  readonly active: string | null;
  /** Where a range began. */
  readonly anchor: string | null;
  readonly ids: ReadonlySet<string>;
}

/** The list as selection needs it. */
export interface RowOrder {
  readonly length: number;
  idAt(index: number): string | undefined;
  indexOf(id: string): number;
}

export const noSelection: Selection = { active: null, anchor: null, ids: new Set() };

export function selectOnly(id: string): Selection {
  return { active: id, anchor: id, ids: new Set([id]) };
}

/** Ctrl+click: adds the row or takes it away; it becomes the active one either way. */
export function toggleRow(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { active: id, anchor: id, ids };
}

/** Shift+click: everything from the anchor to the row. */
export function extendTo(selection: Selection, id: string, order: RowOrder): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (to < 0) return selection;
  if (from < 0) return selectOnly(id);
  const ids = new Set<string>();
  for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) {
    const between = order.idAt(index);
    if (between !== undefined) ids.add(between);
  }
  return { active: id, anchor: selection.anchor, ids };
}

export function selectAll(selection: Selection, order: RowOrder): Selection {
  const ids = new Set<string>();
  for (let index = 0; index < order.length; index += 1) {
    const id = order.idAt(index);
    if (id !== undefined) ids.add(id);
  }
  return { ...selection, ids };
}

/** Moves the active row by `step` (±Infinity for the ends); with `extend` the range grows instead. */
export function moveBy(
  selection: Selection,
  step: number,
  extend: boolean,
  order: RowOrder,
): Selection {
  if (order.length === 0) return noSelection;
  const here = selection.active === null ? -1 : order.indexOf(selection.active);
  const last = order.length - 1;
  const start = here < 0 ? (step > 0 ? -1 : order.length) : here;
  const id = order.idAt(Math.min(last, Math.max(0, start + step)));
  if (id === undefined) return selection;
  return extend ? extendTo(selection, id, order) : selectOnly(id);
}

/** After rows left: forgets them; when the active one is gone, the row now at `index` takes its place. */
export function withoutRows(
  selection: Selection,
  gone: ReadonlySet<string>,
  index: number,
  order: RowOrder,
): Selection {
  const ids = new Set([...selection.ids].filter((id) => !gone.has(id)));
  if (selection.active === null || !gone.has(selection.active)) return { ...selection, ids };
  const next = order.idAt(Math.min(index, order.length - 1));
  return next === undefined ? noSelection : selectOnly(next);
}
