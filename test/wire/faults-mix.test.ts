/** Rules come and go at random while many connections talk: what no rule means must arrive byte for byte, in order, whatever happens around it. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { FaultAction } from "../../src/domain/fault-rule.ts";
import { bind, bound, type FaultBench, startFaultBench } from "../support/fault-bench.ts";
import type { Connected } from "../support/same-trace.ts";

const leg = fc.constantFrom("request" as const, "response" as const);
const how = fc.constantFrom("fin" as const, "reset" as const, "silence" as const);
const nothing = { setHeaders: [], removeHeaders: [], setPaths: [] };
const action: fc.Arbitrary<FaultAction> = fc.oneof(
  fc.record({ kind: fc.constant("delay" as const), leg, ms: fc.nat(30), jitterMs: fc.nat(5) }),
  fc.record({ kind: fc.constant("drop" as const), leg, how }),
  fc.record({ kind: fc.constant("cut" as const), leg, how, afterBytes: fc.nat(200) }),
  fc.record({
    kind: fc.constant("throttle" as const),
    leg,
    bytesPerSecond: fc.integer({ min: 5000, max: 50_000 }),
  }),
  fc.record({ kind: fc.constant("duplicate" as const), leg }),
  fc.constant({ kind: "hold", leg: "request" } as const),
  fc.constant({ kind: "reorder" } as const),
  fc.constant({ kind: "pause-polls", ms: 20 } as const),
  fc.constant({ kind: "answer", template: { kind: "invalid-sid" } } as const),
  leg.map((side) => ({
    kind: "alter" as const,
    leg: side,
    ...nothing,
    replace: [{ text: "body", by: "longer-body" }],
  })),
);

type Turn =
  | { readonly do: "arm"; readonly action: FaultAction; readonly alsoWaiting: boolean }
  | { readonly do: "disarm" }
  | { readonly do: "victim" }
  | { readonly do: "talk"; readonly who: number; readonly cut: number; readonly text: string };

const turn: fc.Arbitrary<Turn> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("arm" as const), action, alsoWaiting: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "disarm" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "victim" } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("talk" as const),
      who: fc.nat(2),
      cut: fc.integer({ min: 1, max: 400 }),
      text: fc.stringMatching(/^[a-z]{0,300}$/),
    }),
  },
);

/** Writes in two pieces, cut anywhere. */
async function inPieces(write: (text: string) => Promise<void>, text: string, cut: number) {
  await write(text.slice(0, cut));
  if (cut < text.length) await write(text.slice(cut));
}

async function talk(
  { client, server }: Connected,
  rid: number,
  { cut, text }: Turn & { do: "talk" },
) {
  const asked = bind("innocent", rid, `<a>${text}</a>`);
  await inPieces((piece) => client.write(piece), asked, cut);
  expect((await server.readBytes(asked.length)).toString()).toBe(asked);
  const answered = bound(`<b>${text}</b>`);
  await inPieces((piece) => server.write(piece), answered, cut);
  expect((await client.readBytes(answered.length)).toString()).toBe(answered);
}

/** Talks as it likes, and is answered by whoever hears it; what becomes of it is nobody's concern here. */
async function victim({ bench }: FaultBench, rid: number): Promise<void> {
  const { client, server } = await bench.open();
  server.stream.on("data", () => void server.write(bound("<body/>")));
  await client.write(bind("victim", rid));
}

test("untouched messages are never corrupted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 5, maxLength: 25 }), async (turns) => {
      await using faults = await startFaultBench();
      const innocents = [
        await faults.bench.open(),
        await faults.bench.open(),
        await faults.bench.open(),
      ];
      let rid = 0;
      for (const now of turns) {
        rid++;
        if (now.do === "arm")
          faults.arm([now.action], { sid: "victim" }, { alsoWaiting: now.alsoWaiting });
        else if (now.do === "disarm") faults.rules.disarmAll();
        else if (now.do === "victim") await victim(faults, rid);
        else await talk(innocents[now.who] as Connected, rid, now);
      }
      for (const [at, connected] of innocents.entries())
        await talk(connected, 1000 + at, { do: "talk", who: at, cut: 7, text: "end" });
      faults.rules.disarmAll();
      await faults.bench.serves();
      await faults.bench.empties();
    }),
    { numRuns: 40, seed: 20261125, interruptAfterTimeLimit: 45_000 },
  );
}, 60_000);
