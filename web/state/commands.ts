/** What the user can do to the capture and its rows. The list shows it at once; the server's answer confirms or a message says why not. */
import { signal } from "@preact/signals";
import { send } from "../feed/api.ts";
import { words } from "../i18n/words.ts";
import { bump, reload, rows, status } from "./live.ts";
import { beforeRemoval, dropSelection, selection } from "./selected.ts";
import { attempt, hideToast, showToast } from "./toast.ts";

export const marks = ["red", "blue", "gold", "green", "purple"] as const;
export type Mark = (typeof marks)[number];

/** Ids a single request may name, so that its address stays short. */
const idsPerRequest = 100;

export function toggleRecording(): void {
  const action = status.peek()?.recording === false ? "resume" : "pause";
  attempt(send("POST", "capture", { action }));
}

/** "" = the server names it. */
export const startCapture = (name: string): void =>
  attempt(send("POST", "capture", { action: "new", ...(name === "" ? {} : { name }) }));

export function renameCapture(name: string): void {
  if (name !== "") attempt(send("POST", "capture", { action: "rename", name }));
}

export function clearList(): void {
  attempt(
    send("DELETE", "exchanges").then(() => {
      dropSelection();
      reload();
      showToast({
        text: words.peek().capture.cleared,
        remedy: "",
        tone: "plain",
        action: { label: words.peek().capture.undo, run: undoClear },
      });
    }),
  );
}

function undoClear(): void {
  hideToast();
  attempt(send("POST", "exchanges/undo-clear").then(reload));
}

/** `keep`: removes all others instead (Fiddler's Shift+Del). */
export function removeSelected(keep: boolean): void {
  const chosen = selection.peek().ids;
  if (chosen.size === 0) return;
  const all = rows.all().map((row) => row.id);
  const gone = all.filter((id) => chosen.has(id) !== keep);
  if (gone.length > 0) attempt(removeRows(gone));
}

async function removeRows(ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += idsPerRequest) {
    const part = ids.slice(from, from + idsPerRequest);
    await send("DELETE", "exchanges", undefined, { ids: part.join(",") });
    const settle = beforeRemoval(new Set(part));
    rows.remove(part);
    settle();
    bump();
  }
  const text = words.peek().capture.removed(ids.length);
  showToast({ text, remedy: "", tone: "plain", action: null }, 3000);
}

/** The row whose comment is being written, or null. */
export const commenting = signal<string | null>(null);

export function setComment(id: string, text: string): void {
  const comment = text.trim() === "" ? null : text.trim();
  change(id, { comment });
}

/** Sets the mark on all selected rows, or takes it away when all have it already. */
export function markSelected(mark: Mark | null): void {
  const chosen = [...selection.peek().ids];
  const same = mark !== null && chosen.every((id) => rows.get(id)?.mark === mark);
  for (const id of chosen) change(id, { mark: same ? null : mark });
}

function change(id: string, fields: { comment: string | null } | { mark: Mark | null }): void {
  const row = rows.get(id);
  if (row === undefined) return;
  rows.put([{ ...row, ...fields }]);
  bump();
  attempt(
    send("PATCH", `exchanges/${encodeURIComponent(id)}`, fields).catch((thrown: unknown) => {
      const now = rows.get(id);
      if (now !== undefined) rows.put([{ ...now, comment: row.comment, mark: row.mark }]);
      bump();
      throw thrown;
    }),
  );
}
