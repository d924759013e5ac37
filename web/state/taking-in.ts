/** Files that somebody brings: captures of other tools, with TLS keys if need be, and logs. */
import { signal } from "@preact/signals";
import type { FindingList, ImportAnswer } from "../../src/server/messages.ts";
import { ApiFailure, getJson, postFile } from "../feed/api.ts";
import { kindOf, tellingBytes } from "../model/dropped.ts";
import { loadLogs } from "./logs.ts";
import { language } from "./preferences.ts";
import { attempt } from "./toast.ts";

export const importShown = signal(false);
/** Names of captures on their way. */
export const importing = signal<readonly string[]>([]);

/** Captures that could not be taken in, of the latest lot. */
export const failures = signal<
  readonly { readonly name: string; readonly message: string; readonly remedy: string }[]
>([]);

export interface TakenIn {
  readonly answer: ImportAnswer;
  /** What was found in it. */
  readonly titles: readonly string[];
}
export const takenIn = signal<readonly TakenIn[]>([]);

/** Captures are imported, with the keys that came beside them; all else is read as logs. */
export function takeFiles(files: readonly File[]): void {
  attempt(sortAndSend(files));
}

async function sortAndSend(files: readonly File[]): Promise<void> {
  const kinds = await Promise.all(
    files.map(async (file) => {
      const start = await file.slice(0, tellingBytes).arrayBuffer();
      return kindOf(file.name, new Uint8Array(start));
    }),
  );
  const ofKind = (kind: string): File[] => files.filter((_, index) => kinds[index] === kind);
  const [captures, keys, logs] = [ofKind("capture"), ofKind("keys"), ofKind("log")];
  if (captures.length > 0 || keys.length > 0) importShown.value = true;
  loadLogs(logs);
  importing.value = [...importing.peek(), ...captures.map(({ name }) => name)];
  failures.value = [];
  for (const file of captures) {
    try {
      await importOne(file, keys);
    } catch (thrown) {
      if (!(thrown instanceof ApiFailure)) throw thrown;
      const { message, remedy } = thrown;
      failures.value = [...failures.peek(), { name: file.name, message, remedy }];
    } finally {
      const at = importing.peek().indexOf(file.name);
      importing.value = importing.peek().filter((_, index) => index !== at);
    }
  }
}

async function importOne(file: File, keys: readonly File[]): Promise<void> {
  const keyLog = new Blob(keys.flatMap((one) => [one, "\n"]));
  const body = keyLog.size === 0 ? file : new Blob([keyLog, file]);
  const query = { name: file.name, keys: keyLog.size === 0 ? undefined : keyLog.size };
  const answer = await postFile<ImportAnswer>("import", body, query);
  const { findings } = await getJson<FindingList>("findings", {
    capture: answer.captureId,
    lang: language.peek(),
  });
  takenIn.value = [{ answer, titles: findings.map(({ title }) => title) }, ...takenIn.peek()];
}
