/** REST as the desktop uses it, over real sockets, with the notifications that follow. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FinessePair, startFinessePair } from "../../../../src/simulator/finesse-pair.ts";
import { type Answer, type Ask, ask, BoshPeer, sample } from "../bosh-peer.ts";

const user = "47483648";
const password = "Secret1!";
const basic = (name: string, secret: string): string =>
  `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;
const authorization = basic(user, password);
const requestId = "07f14a42-6b3c-4855-a4c9-af50ab5e7cc6";
let pair: FinessePair;

beforeEach(async () => {
  const agents = [
    { id: user, password, extension: "10005" },
    { id: "1001", password: "sup", supervisor: true },
    { id: "1002", password: "other" },
  ];
  pair = await startFinessePair({ agents, speed: 20 });
});
afterEach(() => pair.close());

const rest = (path: string, more: Ask = {}): Promise<Answer> =>
  ask(pair, {
    port: 8445,
    method: "GET",
    path: `/finesse/api/${path}`,
    ...more,
    headers: { Authorization: authorization, ...more.headers },
  });
const put = (path: string, body: string, method = "PUT"): Promise<Answer> =>
  rest(path, { method, body, headers: { requestId } });

/** Polls until an answer contains all the texts. */
async function pollFor(peer: BoshPeer, texts: readonly string[]): Promise<string> {
  for (let seen = ""; ; ) {
    const { body } = await peer.poll();
    seen += body;
    if (texts.every((text) => seen.includes(text))) return seen;
  }
}

describe("SystemInfo", () => {
  test("the short form has the attested sizes", async () => {
    const wide = await rest("SystemInfo?timestamponly&nocache=1");
    expect(Buffer.byteLength(wide.body)).toBe(232);
    pair.publisher.settings.systemInfoShape = "166";
    pair.publisher.settings.timezoneOffsetMinutes = 330;
    const narrow = await rest("SystemInfo?timestamponly&nocache=1");
    expect(Buffer.byteLength(narrow.body)).toBe(166);
  });

  test("the full form is the sample", async () => {
    const { body } = await rest("SystemInfo");
    const expected = sample("rest/03_systeminfo_full_in_service.composed.xml").replaceAll(
      "ucce.local",
      "demo.test",
    );
    expect(
      body.replace(/<currentTimestamp>.*?</, "<currentTimestamp>2019-01-11T23:56:30.118Z<"),
    ).toBe(expected);
  });

  test("the server's clock can be wrong", async () => {
    pair.publisher.setSkew(3_600_000);
    const { body } = await rest("SystemInfo?timestamponly");
    const server = Date.parse(/Timestamp>(.*?)</.exec(body)?.[1] ?? "");
    expect(Math.abs(server - 3_600_000 - Date.now())).toBeLessThan(5000);
  });
});

describe("User", () => {
  test("GET shows the agent; PUT is answered 202 and told with its requestId", async () => {
    expect((await rest(`User/${user}`)).body).toContain("<state>LOGOUT</state>");
    const peer = await new BoshPeer(pair).signIn(user, password);
    const login = await put(`User/${user}`, sample("rest/06_user_put_login_req.composed.xml"));
    expect(login).toMatchObject({ status: 202, body: "" });
    const told = await pollFor(peer, [requestId]);
    expect(told).toContain("&lt;state&gt;NOT_READY&lt;/state&gt;");
    await put(`User/${user}`, sample("rest/05_user_put_ready_req.composed.xml"));
    await pollFor(peer, ["&lt;state&gt;READY&lt;/state&gt;"]);
    expect((await rest(`User/${user}`)).body).toContain("<state>READY</state>");
  });

  test("what can't be done is told as apiErrors", async () => {
    const peer = await new BoshPeer(pair).signIn(user, password);
    await put(`User/${user}`, "<User><state>READY</state></User>");
    const told = await pollFor(peer, [requestId]);
    expect(told).toContain("&lt;ErrorMessage&gt;CF_INVALID_OBJECT_STATE&lt;");
  });

  test("an unknown state is 400, an unknown user 404, a wrong password 401", async () => {
    expect((await put(`User/${user}`, "<User><state>DANCING</state></User>")).status).toBe(400);
    expect((await put(`User/${user}`, "<User")).status).toBe(400);
    expect((await rest("User/999")).status).toBe(404);
    const wrong = { Authorization: basic(user, "wrong") };
    expect((await rest(`User/${user}`, { headers: wrong })).status).toBe(401);
  });

  test("agents see themselves, supervisors all", async () => {
    expect((await rest("User/1002")).status).toBe(401);
    const supervisor = { Authorization: basic("1001", "sup") };
    expect((await rest("User/1002", { headers: supervisor })).status).toBe(200);
  });
});

describe("Dialogs", () => {
  test("a call rings, is answered, held, taken back and dropped", async () => {
    const peer = await new BoshPeer(pair).signIn(user, password);
    pair.center.changeState(user, { state: "LOGIN", extension: "10005", requestId: "" });
    pair.center.changeState(user, { state: "READY", requestId: "" });
    const id = pair.center.offerCall(user, "5551002") ?? "";
    expect((await rest(`User/${user}/Dialogs`)).body).toContain("<state>ALERTING</state>");
    const steps = { ANSWER: "ACTIVE", HOLD: "HELD", RETRIEVE: "ACTIVE", DROP: "DROPPED" };
    for (const [action, state] of Object.entries(steps)) {
      const body = `<Dialog><targetMediaAddress>10005</targetMediaAddress><requestedAction>${action}</requestedAction></Dialog>`;
      expect((await put(`Dialog/${id}`, body)).status).toBe(202);
      await pollFor(peer, [`&lt;state&gt;${state}&lt;/state&gt;`, requestId]);
    }
    expect((await put(`Dialog/${id}`, "<Dialog/>")).status).toBe(404);
    expect(pair.center.agent(user)?.state).toBe("READY");
  });

  test("an agent can call", async () => {
    pair.center.changeState(user, { state: "LOGIN", extension: "10005", requestId: "" });
    const peer = await new BoshPeer(pair).signIn(user, password);
    const body =
      "<Dialog><requestedAction>MAKE_CALL</requestedAction><toAddress>5559</toAddress><fromAddress>10005</fromAddress></Dialog>";
    expect((await put(`User/${user}/Dialogs`, body, "POST")).status).toBe(202);
    await pollFor(peer, ["&lt;event&gt;POST&lt;", "5559", requestId]);
  });
});

describe("the rest", () => {
  test("a client log is kept", async () => {
    const body = sample("rest/08_clientlog_post_req.composed.xml");
    expect((await put(`User/${user}/ClientLog`, body, "POST")).status).toBe(202);
    expect(pair.publisher.clientLogs[0]).toMatchObject({ agent: user });
    expect(pair.publisher.clientLogs[0]?.text).toContain("Drift: -9 ms");
  });

  test("out of service: 503 with the sample's body, and a notification", async () => {
    const peer = await new BoshPeer(pair).signIn(user, password);
    pair.publisher.setCti(false);
    const refused = await rest(`User/${user}`);
    expect(refused).toMatchObject({
      status: 503,
      body: sample("rest/07_apierrors_503.composed.xml"),
    });
    await pollFor(peer, ["&lt;status&gt;OUT_OF_SERVICE&lt;"]);
    const info = await rest("SystemInfo");
    expect(info.body).toContain("<lastCTIHeartbeatStatus>failure<");
    pair.publisher.setCti(true);
    await pollFor(peer, ["&lt;status&gt;IN_SERVICE&lt;"]);
    expect((await rest(`User/${user}`)).status).toBe(200);
  });

  test("a gadget's request carries its Authorization inside the form", async () => {
    const form = new URLSearchParams({
      url: `http://localhost:8082/finesse/api/User/${user}`,
      httpMethod: "GET",
      headers: new URLSearchParams({ Authorization: authorization }).toString(),
    });
    const answer = await ask(pair, {
      port: 8445,
      path: "/gadgets/makeRequest",
      body: form.toString(),
    });
    expect(answer.body).toMatch(/^throw 1; < don't be evil' >\{.*"rc":200/);
    expect(answer.body).toContain(`<loginId>${user}</loginId>`);
  });

  test("the desktop page, its tunnel and strophe.js are served; a cookie comes once", async () => {
    const page = await rest("", { path: "/desktop/" });
    expect(page.body).toContain("<title>Finesse desktop (simulated)</title>");
    expect(page.headers["set-cookie"]?.[0]).toMatch(/^JSESSIONID=/);
    const again = await rest("", { path: "/desktop/", headers: { Cookie: "JSESSIONID=1" } });
    expect(again.headers["set-cookie"]).toBeUndefined();
    for (const path of ["/tunnel/", "/tunnel/tunnel.js", "/tunnel/strophe.umd.min.js"]) {
      expect((await ask(pair, { method: "GET", path })).status).toBe(200);
    }
    expect((await ask(pair, { method: "GET", path: "/tunnel/nothing" })).status).toBe(404);
  });
});
