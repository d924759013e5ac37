import { describe, expect, test } from "vitest";
import type { FaultRuleView, FaultsState, ScenarioList } from "../../../src/server/messages.ts";
import { startTestServer } from "./started-server.ts";

const late = {
  name: "late",
  match: { kind: "poll", agent: "1001003" },
  actions: [{ kind: "delay-until", ageMs: 36_000 }],
};

describe("/api/faults", () => {
  test("a rule is added, armed, read aloud, disarmed and forgotten", async () => {
    await using started = await startTestServer();
    const made = await started.ask("/api/faults", { method: "POST", body: { ...late, arm: true } });
    expect(made.status).toBe(200);
    const { id } = made.value as FaultRuleView;
    const listed = (await started.ask("/api/faults?lang=es")).value as FaultsState;
    expect(listed).toMatchObject({ armed: 1, held: [], runs: [], rules: [{ id, armed: true }] });
    expect(listed.rules[0]?.sentence).toBe(
      "Cada sondeo del agente 1001003: retiene la respuesta hasta que la petición tenga 36 s.",
    );
    await started.ask(`/api/faults/${id}/disarm`, { method: "POST" });
    expect(((await started.ask("/api/faults")).value as FaultsState).armed).toBe(0);
    await started.ask(`/api/faults/${id}/arm`, { method: "POST" });
    await started.ask("/api/panic", { method: "POST" });
    expect(((await started.ask("/api/faults")).value as FaultsState).armed).toBe(0);
    expect((await started.ask(`/api/faults/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await started.ask(`/api/faults/${id}`, { method: "DELETE" })).status).toBe(404);
  });

  test("PUT puts another in its place and says what arm says", async () => {
    await using started = await startTestServer();
    const made = await started.ask("/api/faults", { method: "POST", body: late });
    const { id } = made.value as FaultRuleView;
    const body = { ...late, id, name: "later", arm: true };
    const put = await started.ask(`/api/faults/${id}`, { method: "PUT", body });
    expect(put.value).toMatchObject({ id, name: "later", armed: true });
  });

  test("every objection is told, each with its field", async () => {
    await using started = await startTestServer();
    const body = { match: { port: null }, actions: [{ kind: "delay", leg: "up" }] };
    const refused = await started.ask("/api/faults", { method: "POST", body });
    expect(refused.status).toBe(400);
    expect((refused.value as { error: { message: string } }).error.message).toBe(
      'Not accepted in the body: match.port: is null, must be a whole number from 1 to 65535; actions.0.leg: is "up", must be one of "request", "response"; actions.0.ms: is missing, must be a whole number of ms from 0 to 86400000.',
    );
  });

  test("what is exported here is imported there", async () => {
    await using here = await startTestServer();
    await using there = await startTestServer();
    await here.ask("/api/faults", { method: "POST", body: late });
    const file = await here.ask("/api/faults/export");
    const body = file.value;
    const imported = await there.ask("/api/faults/import", { method: "POST", body });
    expect(imported.value).toEqual({ added: 1 });
    expect((await there.ask("/api/faults/export")).value).toEqual(body);
    const refused = await there.ask("/api/faults/import", { method: "POST", body: [{}] });
    expect(refused.text).toContain("rules.0.actions: is missing");
  });
});

describe("/api/scenarios", () => {
  test("are listed in both languages, with what is expected", async () => {
    await using started = await startTestServer();
    const list = async (lang: string) =>
      ((await started.ask(`/api/scenarios?lang=${lang}`)).value as ScenarioList).scenarios;
    const [english, spanish] = [await list("en"), await list("es")];
    const named = (all: ScenarioList["scenarios"]) =>
      all.find(({ name }) => name === "answer-after-36s");
    expect(named(english)).toMatchObject({
      title: "Answer after 36 s",
      needs: "agent",
      cause: "F2",
    });
    expect(named(english)?.expected[0]).toBe(
      "Poll aborted by the client (1): JabberWerx 34.5–36.5 s, Strophe 32.5–34.5 s",
    );
    expect(named(spanish)?.title).toBe("Respuesta a los 36 s");
  });

  test("are run for an agent, and say so in the state of faults", async () => {
    await using started = await startTestServer();
    const body = { agent: "1001003" };
    const path = "/api/scenarios/poll-lost/run";
    const run = await started.ask(path, { method: "POST", body });
    expect(run.value).toMatchObject({ scenario: "poll-lost", agent: "1001003", triggeredAt: null });
    const state = (await started.ask("/api/faults")).value as FaultsState;
    expect(state).toMatchObject({ armed: 1, runs: [{ scenario: "poll-lost" }] });
    expect(state.rules[0]).toMatchObject({ scenario: "run1", armed: true });
    expect((await started.ask(path, { method: "POST", body: {} })).status).toBe(400);
    const unknown = await started.ask("/api/scenarios/x/run", { method: "POST", body });
    expect(unknown.status).toBe(404);
  });
});
