/** Whose silence it is: a client that asks and is failed is not silent; what others meet excuses nobody. */
import { expect, test } from "vitest";
import { Story, type Told } from "./a-story.ts";

const desk = (index: number): Told & { readonly client: string } => ({
  agent: `100${index}`,
  sid: `f${index}`,
  connection: `cap1-${index}`,
  client: `cap1 10.0.0.${index} chrome`,
});

const silentSides = (story: Story, until: number) =>
  story
    .tell(until)
    .filter(({ agents }) => agents.includes("1001"))
    .map(({ side }) => side);

/** Desk 1 falls silent at the returned second; desk 3 goes on. */
function silentDesk(story: Story): number {
  const at = story.polls(0, 95, desk(1)) - 0.015;
  story.polls(0, 400, desk(3));
  return at;
}

test("a cut that another desk met does not hide a silence", () => {
  const story = new Story();
  const silent = silentDesk(story);
  const at = story.polls(0, 62, desk(2));
  story.poll(at, silent + 3, desk(2), { cause: "reset", blame: "network" });
  story.polls(silent + 3.5, 400, desk(2));
  expect(silentSides(story, 300)).toEqual(["client"]);
});

test("a connection that another desk cannot open does not hide a silence", () => {
  const story = new Story();
  const silent = silentDesk(story);
  const { client } = desk(2);
  story.connection(silent + 2, { id: "cap1-9", client, serverTls: false });
  expect(silentSides(story, 300)).toEqual(["client"]);
});

test.each([
  ["of its own", "chrome"],
  ["of its address, before the system has told whose it is", ""],
])("a connection %s that cannot be opened is no silence", (_whose, program) => {
  const story = new Story();
  const silent = silentDesk(story);
  const client = `cap1 10.0.0.1 ${program}`;
  story.connection(silent + 2, { id: "cap1-9", client, serverTls: false });
  expect(silentSides(story, 300)).toEqual([]);
});

test("an agent is one, however its name is spelled: its own page is no other desk of the same PC", () => {
  const told = (name: string) => {
    const story = new Story();
    story.polls(0, 95, { agent: "jsmith" });
    for (let at = 5; at < 300; at += 60) story.systemInfo(at, { agent: name });
    return story
      .tell(290)
      .map(({ cause, agents, reasons }) => [cause, agents, reasons.map(({ key }) => key)]);
  };
  expect(told("JSmith")).toEqual(told("jsmith"));
  expect(told("other")).not.toEqual(told("jsmith"));
});

test("a desk whose own requests are refused is not silent", () => {
  const story = new Story();
  const silent = silentDesk(story);
  story.exchange(
    silent + 1,
    silent + 1,
    { cause: "refused", blame: "server", phase: "connect" },
    { ...desk(1), kind: "tunnel", role: "tunnel", agent: null, sid: null, unsent: true },
  );
  const kinds = story.tell(200).flatMap(({ evidence }) => evidence.map(({ what }) => what.key));
  expect(kinds).not.toContain("evidence.gap");
});
