/** Whatever the rhythm of a client, it gets all that was said, once, in the order in which it was said. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  answered,
  body,
  message,
  Played,
  poll,
  presence,
  signIn,
  taken,
} from "./some-recording.ts";

const sid = "recorded1";
/** Of the grant in `signIn`. */
const waitMs = 2000;

/** Polls of a recorded client that asks again at once; each said is in a poll's answer. */
function recordingOf(said: readonly { readonly at: number; readonly text: string }[]) {
  const exchanges = signIn(sid);
  let [at, rid, first] = [80, 1004, presence];
  for (const { at: saidAt, text } of said) {
    for (; saidAt - at > waitMs; at += waitMs + 5) {
      exchanges.push(taken(at, answered(at + waitMs, body()), { body: poll(sid, rid++, first) }));
      first = "";
    }
    const end = answered(Math.max(saidAt, at + 1), body(message(text)));
    exchanges.push(taken(at, end, { body: poll(sid, rid++, first) }));
    [at, first] = [Math.max(saidAt, at + 1) + 5, ""];
  }
  return exchanges;
}

const gaps = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 12 });
/** How long the client thinks before its next poll, and whether it sends something of its own over a held one. */
const moves = fc.array(
  fc.record({ thinkMs: fc.integer({ min: 0, max: 900 }), interrupts: fc.boolean() }),
  { minLength: 1, maxLength: 10 },
);

test("all that was said, once, in order", () => {
  fc.assert(
    fc.property(gaps, moves, fc.constantFrom(1, 3), (between, rhythm, speed) => {
      let at = 100;
      const said = between.map((gap, index) => ({ at: (at += gap), text: `said ${index}` }));
      const played = new Played(recordingOf(said), speed);
      const mine = played.signIn();
      let open = [5];
      let rid = 1005;
      const heard: string[] = [];
      const listen = (): void => {
        const over = open.filter((request) => played.endOf(request) !== null);
        open = open.filter((request) => !over.includes(request));
        for (const request of over) {
          const said = played.textOf(request).matchAll(/said \d+/g);
          for (const [text] of said) heard.push(text);
        }
      };
      for (let turn = 0; heard.length < said.length && turn < 400; turn++) {
        const { thinkMs, interrupts } = rhythm[turn % rhythm.length] ?? {
          thinkMs: 0,
          interrupts: false,
        };
        played.until(played.now + thinkMs);
        listen();
        if (open.length === 0 || interrupts) {
          const inner = interrupts ? "<message xmlns='jabber:client'/>" : "";
          open.push(played.ask({ body: poll(mine, rid++, inner) }));
        }
        played.until(played.now + 300);
        listen();
      }
      expect(heard).toEqual(said.map(({ text }) => text));
    }),
    { numRuns: 150 },
  );
});
