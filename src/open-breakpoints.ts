/** What waits at breakpoints, with its secrets replaced by the recorder's thread, and the way back for what a person edits. */

import type { Clock } from "./base/clock.ts";
import { fail } from "./base/errors.ts";
import { background, type Log } from "./base/log.ts";
import type { BreakpointDesk, MessageEdit } from "./domain/by-hand.ts";
import type { HeldMessage } from "./domain/fault-rule.ts";
import type { PlainMessage, Recorder } from "./domain/recording.ts";
import { Breakpoints, type HeldBytes } from "./intercept/gate/breakpoints.ts";
import type { FaultGate } from "./intercept/gate/fault-gate.ts";

export interface OpenBreakpoints extends BreakpointDesk {
  list(): readonly HeldMessage[];
  /** All go on as they came, and all that waits for a rule with them. */
  letGo(): void;
  onChange(listener: () => void): () => void;
}

interface Parts {
  /** null = nothing is ever held. */
  readonly gate: FaultGate | null;
  readonly recorder: Pick<Recorder, "conceal" | "reveal" | "status">;
  readonly clock: Clock;
  readonly log: Log;
}

export function openBreakpoints({ gate, recorder, clock, log }: Parts): OpenBreakpoints {
  const breakpoints = gate?.breakpoints ?? new Breakpoints();
  const iso = (mono: number): string => new Date(mono + clock.wall() - clock.mono()).toISOString();
  const shown = new Map<string, HeldMessage>();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const show = async (held: HeldBytes): Promise<void> => {
    const text = await recorder.conceal({ ...textOf(held), ...kindOf(held) });
    if (breakpoints.get(held.id) === null) return;
    const { id, rule, leg } = held;
    const exchange = `${recorder.status().captureId}-${held.exchange}`;
    shown.set(id, { id, rule, exchange, leg, since: iso(held.since), ...text });
    tell();
  };
  const asked = new Set<string>();
  breakpoints.onChange(() => {
    const now = breakpoints.list();
    const ids = new Set(now.map(({ id }) => id));
    for (const id of asked) {
      if (ids.has(id)) continue;
      asked.delete(id);
      shown.delete(id);
      tell();
    }
    for (const held of now) {
      if (asked.has(held.id)) continue;
      asked.add(held.id);
      background(show(held), "breakpoints.show", log);
    }
  });
  const list = (): readonly HeldMessage[] => [...shown.values()];
  return {
    list,
    held: list,
    letGo: () => gate?.releaseAll(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settle: async (id, action, edit) => {
      const held = breakpoints.get(id);
      if (held === null) throw fail("not-found", { what: `held message ${id}` });
      const verdict =
        action === "drop" ? { action } : { action, ...(await revealed(recorder, held, edit)) };
      if (!breakpoints.settle(id, verdict)) throw fail("not-found", { what: `held message ${id}` });
    },
  };
}

const textOf = ({ head, body }: HeldBytes): PlainMessage => ({
  head,
  body: body === null ? "" : Buffer.from(body).toString("utf8"),
});

function kindOf({ head, path, leg }: HeldBytes): {
  readonly path: string;
  readonly contentType: string | null;
  readonly side: "request" | "response";
} {
  const contentType = /^content-type:[ \t]*([^\r\n]*)/im.exec(head)?.[1] ?? null;
  return { path, contentType, side: leg };
}

/** Only what was edited: the rest goes on byte for byte. */
async function revealed(
  recorder: Pick<Recorder, "reveal">,
  held: HeldBytes,
  edit: MessageEdit,
): Promise<MessageEdit> {
  if (edit.head === undefined && edit.body === undefined) return {};
  const message = await recorder.reveal({ head: edit.head ?? held.head, body: edit.body ?? "" });
  if (message === null) throw unknownSecret();
  return {
    ...(edit.head === undefined ? {} : { head: message.head }),
    ...(edit.body === undefined ? {} : { body: message.body }),
  };
}

export const unknownSecret = (): Error =>
  fail("request-invalid", {
    problem: "A marker in this message stands for a secret that is not known any more.",
    remedy: "Write the real value in its place, or take it out.",
  });
