/** The list's columns in Fiddler's order, and their widths as remembered between visits. */

export type ColumnName =
  | "number"
  | "result"
  | "protocol"
  | "host"
  | "url"
  | "body"
  | "caching"
  | "type"
  | "process"
  | "hold"
  | "gap"
  | "agent"
  | "event"
  | "comments";

export interface Column {
  readonly name: ColumnName;
  /** px. */
  readonly width: number;
  readonly align: "left" | "right";
}

export const columns: readonly Column[] = [
  { name: "number", width: 82, align: "right" },
  { name: "result", width: 146, align: "left" },
  { name: "protocol", width: 74, align: "left" },
  { name: "host", width: 158, align: "left" },
  { name: "url", width: 220, align: "left" },
  { name: "body", width: 66, align: "right" },
  { name: "hold", width: 92, align: "right" },
  { name: "gap", width: 76, align: "right" },
  { name: "agent", width: 84, align: "left" },
  { name: "event", width: 190, align: "left" },
  { name: "caching", width: 92, align: "left" },
  { name: "type", width: 118, align: "left" },
  { name: "process", width: 106, align: "left" },
  { name: "comments", width: 220, align: "left" },
];

const narrowest = 28;
const widest = 1600;

export type Widths = Readonly<Record<ColumnName, number>>;

export const clampWidth = (width: number): number =>
  Math.round(Math.min(widest, Math.max(narrowest, width)));

/** Widths from whatever was remembered; what is missing or nonsense falls back to the default. */
export function widthsFrom(saved: unknown): Widths {
  const known = typeof saved === "object" && saved !== null ? Object.entries(saved) : [];
  const given = new Map<string, unknown>(known);
  const entries = columns.map((column) => {
    const width = given.get(column.name);
    const usable = typeof width === "number" && Number.isFinite(width);
    return [column.name, usable ? clampWidth(width) : column.width];
  });
  return Object.fromEntries(entries) as Widths;
}
