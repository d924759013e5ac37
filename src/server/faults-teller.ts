/** What the feed says of fault rules: all there are, whenever that changes. Rules change with every hit, so it is told now and then only. */
import type { Language } from "../diagnose/words/render.ts";
import type { FaultDesk } from "../domain/fault-desk.ts";
import { faultsState } from "./faults-view.ts";
import type { FeedMessage } from "./messages.ts";

export function faultsText(desk: FaultDesk, language: Language): string {
  const message: FeedMessage = { kind: "faults", faults: faultsState(desk, language) };
  return JSON.stringify(message);
}

/** The first change is told at once, what follows within `atMostMs` together. Returns the way to stop. */
export function tellFaults(
  desk: FaultDesk,
  atMostMs: number,
  tell: (inLanguage: (language: Language) => string) => void,
): () => void {
  let timer: NodeJS.Timeout | null = null;
  let isDue = false;
  const tellNow = (): void => {
    isDue = false;
    timer = setTimeout(() => {
      timer = null;
      if (isDue) tellNow();
    }, atMostMs);
    tell((language) => faultsText(desk, language));
  };
  const stop = desk.onChange(() => {
    if (timer === null) tellNow();
    else isDue = true;
  });
  return () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  };
}
