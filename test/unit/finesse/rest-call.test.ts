/** REST requests, bare and inside gadget calls. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readForm } from "../../../src/finesse/form.ts";
import { isMakeRequestPath, readMakeRequest } from "../../../src/finesse/make-request.ts";
import { readRestCall } from "../../../src/finesse/rest-call.ts";
import { cpuTime } from "../../support/cpu-time.ts";
import { sample } from "../bosh/samples.ts";

const requestId = "07f14a42-6b3c-4855-a4c9-af50ab5e7cc6";
const put = (path: string, body: string) =>
  readRestCall({
    method: "PUT",
    path,
    headers: [{ name: "RequestId", value: ` ${requestId} ` }],
    body,
  });
const get = (path: string) => readRestCall({ method: "get", path, headers: [], body: null });

describe("readRestCall", () => {
  test("reads the samples", () => {
    expect(
      put("/finesse/api/User/47483648", sample("rest/05_user_put_ready_req.composed.xml")),
    ).toEqual({
      method: "PUT",
      resource: "User",
      name: "User",
      agent: "47483648",
      id: null,
      requestId,
      nocache: null,
      timestampOnly: false,
      change: { kind: "state", state: "READY", reason: null, extension: null },
      viaGadget: false,
    });
    expect(
      put("/finesse/api/User/47483648", sample("rest/06_user_put_login_req.composed.xml"))?.change,
    ).toEqual({ kind: "state", state: "LOGIN", reason: null, extension: "10005" });
    expect(
      put("/finesse/api/User/1/ClientLog", sample("rest/08_clientlog_post_req.composed.xml")),
    ).toMatchObject({ resource: "ClientLog", agent: "1", change: { kind: "client-log" } });
    const [, path = ""] = sample("rest/09_poll_request_head.composed.txt").split(" ");
    expect(get(path)).toMatchObject({
      method: "GET",
      resource: "SystemInfo",
      agent: null,
      nocache: 1_492_185_680_998,
      timestampOnly: true,
      requestId: null,
      change: null,
    });
  });

  test.each([
    ["/finesse/api/User/1/Dialogs", "Dialogs", "1", null],
    ["/finesse/api/User/1/Media/5001?a=b", "Media", "1", "5001"],
    ["/finesse/api/User/a%20b", "User", "a b", null],
    ["/finesse/api/User/%zz", "User", "%zz", null],
    ["/finesse/api/Dialog/16804377", "Dialog", null, "16804377"],
    ["/finesse/api/Team/5000/Users", "Users", null, "5000"],
    ["/finesse/api/Queue/26", "Queue", null, "26"],
    ["/finesse/api/Users", "Users", null, null],
    ["/finesse/api/User/1/PhoneBooks", "other", "1", null],
    ["/finesse/api/", "other", null, null],
  ])("%s", (path, resource, agent, id) => {
    expect(get(path)).toMatchObject({ resource, agent, id });
  });

  test("reads what is to change", () => {
    expect(
      put(
        "/finesse/api/User/1",
        "<User><state>NOT_READY</state><reasonCodeId>12</reasonCodeId></User>",
      )?.change,
    ).toMatchObject({ state: "NOT_READY", reason: "12" });
    expect(
      put("/finesse/api/Dialog/5", "<Dialog><requestedAction>HOLD</requestedAction></Dialog>")
        ?.change,
    ).toEqual({ kind: "call", action: "HOLD" });
    expect(put("/finesse/api/Team/5", "<Team/>")?.change).toEqual({ kind: "other", root: "Team" });
    const asking = { method: "GET", path: "/finesse/api/User/1", headers: [], body: "<User/>" };
    expect(readRestCall(asking)?.change).toBeNull();
    expect(put("/finesse/api/User/1", "<User><state>READ")?.change).toMatchObject({
      kind: "unparseable",
    });
  });

  test.each(["/desktop/container/", "/finesse/apis/User/1", "/http-bind/", ""])(
    "%j is no call",
    (path) => {
      expect(get(path)).toBeNull();
    },
  );
});

describe("gadget calls", () => {
  const form = new URLSearchParams({
    url: "https://localhost:8445/finesse/api/User/47483648?nocache=1492185680998",
    httpMethod: "put",
    headers: new URLSearchParams({ Authorization: "Basic QQ==", requestId }).toString(),
    postData: "<User><state>READY</state></User>",
    st: "default",
  }).toString();
  const inside = {
    method: "PUT",
    resource: "User",
    agent: "47483648",
    requestId,
    nocache: 1_492_185_680_998,
    change: { kind: "state", state: "READY" },
    viaGadget: true,
  };

  test("are unwrapped from the body, and from the query", () => {
    const post = { method: "POST", path: "/gadgets/makeRequest", headers: [], body: form };
    expect(readRestCall(post)).toMatchObject(inside);
    const query = { method: "GET", path: `/gadgets/makeRequest?${form}`, headers: [], body: null };
    expect(readRestCall(query)).toMatchObject(inside);
    expect(readMakeRequest(post)?.headers).toEqual([
      { name: "Authorization", value: "Basic QQ==" },
      { name: "requestId", value: requestId },
    ]);
  });

  test("to elsewhere are no REST calls, nor is a form without URL", () => {
    const call = (body: string | null) =>
      readRestCall({ method: "POST", path: "/gadgets/makeRequest/", headers: [], body });
    expect(call("url=https%3A%2F%2Fcrm.example%2Fapi")).toBeNull();
    expect(call("url=https%3A%2F%2Fcrm.example")).toBeNull();
    expect(call("httpMethod=GET")).toBeNull();
    expect(call(null)).toBeNull();
    expect(isMakeRequestPath("/gadgets/makeRequests")).toBe(false);
  });
});

describe("readForm", () => {
  test("reads what URLSearchParams wrote", () => {
    const field = fc.tuple(
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.string({ unit: "grapheme" }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(field, { selector: ([name]) => name }), (fields) => {
        expect([...readForm(new URLSearchParams(fields).toString())]).toEqual(fields);
      }),
    );
  });

  test("takes the first of a name, and what is no escape as it is", () => {
    expect([...readForm("?a=1&a=2&b&%zz=%&=x&&c=d=e")]).toEqual([
      ["a", "1"],
      ["b", ""],
      ["%zz", "%"],
      ["c", "d=e"],
    ]);
  });

  test("stops at its bound, in linear time", () => {
    expect(readForm(Array.from({ length: 2000 }, (_, index) => `n${index}=1`).join("&")).size).toBe(
      500,
    );
    for (const text of ["&".repeat(2_000_000), `${"a".repeat(1_000_000)}&`.repeat(2)])
      expect(cpuTime(() => readForm(text))).toBeLessThan(2000);
  });

  test("is total, with all that reads forms", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (method, path, body) => {
        readRestCall({ method, path: `/finesse/api/${path}`, headers: [], body });
        readRestCall({ method, path: `/gadgets/makeRequest?url=${path}`, headers: [], body });
      }),
    );
  });
});
