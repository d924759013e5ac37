/** The switches of a simulated pair: what they do, and who may use them. */
import { request } from "node:http";
import { expect, test } from "vitest";
import { readDemoFlags } from "../../../src/demo.ts";
import { startControlPage } from "../../../src/simulator/control-page.ts";
import { startFinessePair } from "../../../src/simulator/finesse-pair.ts";

async function scene() {
  const pair = await startFinessePair({ agents: [] });
  const control = await startControlPage(pair);
  return {
    pair,
    url: control.url,
    host: pair.publisher.host,
    async [Symbol.asyncDispose]() {
      await control.close();
      await pair.close();
    },
  };
}

const press = (url: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });

test("each service is stopped and started again, and the page says so", async () => {
  await using it = await scene();
  const { publisher, subscriber } = it.pair;
  const pairs = [
    ["stop-notification", "start-notification", "Notification Service is stopped"],
    ["crash-notification", "start-notification", "Notification Service is stopped"],
    ["stop-tomcat", "start-tomcat", "Tomcat is stopped"],
    ["lose-cti", "find-cti", "CTI is lost"],
  ] as const;
  for (const [off, on, said] of pairs) {
    expect(await press(`${it.url}${it.host}/${off}`)).toBe(303);
    expect(publisher.inService()).toBe(false);
    expect(subscriber.inService()).toBe(true);
    expect(await (await fetch(it.url)).text()).toContain(said);
    expect(await press(`${it.url}${it.host}/${on}`)).toBe(303);
    expect(publisher.inService()).toBe(true);
    expect(await (await fetch(it.url)).text()).not.toContain(said);
  }
});

test("a page of another site, or another name for this machine, is refused", async () => {
  await using it = await scene();
  const url = `${it.url}${it.host}/stop-notification`;
  expect(await press(url, { Origin: "http://evil.example" })).toBe(403);
  expect(await press(url, { Origin: "null" })).toBe(403);
  expect(await press(url, { Host: "evil.example" })).toBe(403);
  expect(it.pair.publisher.inService()).toBe(true);
  expect(await press(url, { Origin: new URL(it.url).origin })).toBe(303);
  expect(it.pair.publisher.inService()).toBe(false);
});

test("what is no switch is said to be none", async () => {
  await using it = await scene();
  expect(await press(`${it.url}${it.host}/toString`)).toBe(404);
  expect(await press(`${it.url}nobody.test/stop-notification`)).toBe(404);
  expect((await fetch(`${it.url}${it.host}/stop-notification`)).status).toBe(405);
  expect(it.pair.publisher.inService()).toBe(true);
});

test("the demo's flags are numbers within limits; the rest is for start", () => {
  const words = ["--agents", "20", "--control-port", "8890", "--no-open", "--speed", "2.5"];
  expect(readDemoFlags(words)).toEqual({
    agents: 20,
    speed: 2.5,
    controlPort: 8890,
    rest: ["--no-open"],
  });
  expect(readDemoFlags([])).toMatchObject({ agents: 6, speed: 1, controlPort: 0 });
  for (const bad of [
    ["--agents", "0"],
    ["--control-port", "70000"],
  ])
    expect(() => readDemoFlags(bad)).toThrow("is a number from");
  expect(() => readDemoFlags(["--control-port"])).toThrow("needs a value");
});
