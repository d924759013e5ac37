/** Which rows of a fixed-height list are on screen, and which recycled slot paints each; knows nothing of the DOM. */

export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
  /** Rows painted beyond each edge, so that a small scroll shows no blank. */
  readonly overscan: number;
}

/** Half-open range of row indexes to paint. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** Total on any numbers (also NaN and negative, which a bouncing scroll can report). */
export function rowWindow(viewport: Viewport): RowWindow {
  const { rowHeight, count, overscan } = viewport;
  const top = Math.max(0, finite(viewport.scrollTop));
  const height = Math.max(0, finite(viewport.height));
  const first = Math.floor(top / rowHeight) - overscan;
  const end = Math.ceil((top + height) / rowHeight) + overscan;
  return { first: clamp(first, 0, count), end: clamp(end, 0, count) };
}

/** Slots needed so that no two rows of one window share one: indexes are assigned to slots by remainder. */
export function slotCount(height: number, rowHeight: number, overscan: number): number {
  return Math.ceil(Math.max(0, finite(height)) / rowHeight) + 1 + 2 * overscan;
}

/** Scroll position that brings a row wholly into view, moving as little as possible. */
export function scrollTopFor(index: number, viewport: Viewport): number {
  const top = index * viewport.rowHeight;
  const bottom = top + viewport.rowHeight;
  if (top < viewport.scrollTop) return top;
  if (bottom > viewport.scrollTop + viewport.height) return Math.max(0, bottom - viewport.height);
  return viewport.scrollTop;
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));
