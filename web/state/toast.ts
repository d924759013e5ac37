/** One short message at a time, with at most one thing to do about it. */
import { signal } from "@preact/signals";
import { ApiFailure } from "../feed/api.ts";

export interface Toast {
  readonly text: string;
  readonly remedy: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
  readonly tone: "plain" | "error";
}

export const toast = signal<Toast | null>(null);

let timer: ReturnType<typeof setTimeout> | null = null;

export function showToast(shown: Toast, forMs = 8000): void {
  if (timer !== null) clearTimeout(timer);
  toast.value = shown;
  timer = setTimeout(hideToast, forMs);
}

export function hideToast(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  toast.value = null;
}

/** Runs something whose failure the user must see; anything but an API failure is a bug and goes on to the console. */
export function attempt(work: Promise<unknown>): void {
  work.catch((thrown: unknown) => {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const remedy = thrown instanceof ApiFailure ? thrown.remedy : "";
    showToast({ text, remedy, action: null, tone: "error" });
    if (!(thrown instanceof ApiFailure)) throw thrown;
  });
}
