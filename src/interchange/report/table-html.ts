/** A table whose first column is a time and whose numbers stand to the right. */
import { html, type Markup, type Part } from "./markup.ts";

export interface TableRow {
  readonly cells: readonly Part[];
  readonly className?: string;
}

export function tableHtml(columns: readonly string[], rows: readonly TableRow[]): Markup {
  return html`<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({ cells, className = "" }) =>
    html`<tr class="${className}">${cells.map((cell) => html`<td class="${kindOf(cell)}">${cell}</td>`)}</tr>\n`,
)}</tbody>
</table></div>`;
}

function kindOf(cell: Part): string {
  if (typeof cell === "number") return "number";
  if (typeof cell !== "string") return "";
  if (/^\d{4}-\d\d-\d\d /.test(cell)) return "time";
  // One word of any language must not be broken in the middle.
  if (/^\p{L}{1,20}$/u.test(cell)) return "word";
  return /^-?[\d.]+ ?(s|%|ms)?$/.test(cell) ? "number" : "";
}
