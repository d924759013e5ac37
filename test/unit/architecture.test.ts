/** The layers of design and README, held by test; and the test itself held by sources that break each rule. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { architectureProblems, importsOf, maxLines, readSources } from "../support/architecture.ts";

const top = fileURLToPath(new URL("../../", import.meta.url));

test("the sources keep to the layers", () => {
  const sources = readSources(top);
  expect(sources.size).toBeGreaterThan(30);
  expect(architectureProblems(sources)).toEqual([]);
});

test("the scan sees real imports", () => {
  const engine = readSources(top).get("src/intercept/engine.ts") ?? "";
  expect(importsOf(engine).map(({ from }) => from)).toContain("http-mitm-proxy");
});

const planted: readonly (readonly [path: string, text: string, problem: RegExp])[] = [
  [
    "src/domain/a.ts",
    'import { startIntercept } from "../intercept/start-intercept.ts";',
    /may not import src\/intercept/,
  ],
  ["src/http1/a.ts", 'import { Socket } from "node:net";', /pure folder but uses node:net/],
  [
    "src/http1/a.ts",
    'import type {\n  A,\n  B,\n} from "../ca/authority.ts";',
    /may not import src\/ca/,
  ],
  ["src/capture/a.ts", 'export * from "../store/open-store.ts";', /may not import src\/store/],
  [
    "src/capture/a.ts",
    'const a = await import("../store/open-store.ts");',
    /may not import src\/store/,
  ],
  [
    "src/capture/a.ts",
    'new Worker(new URL("../store/store-thread.ts", import.meta.url));',
    /may not import src\/store/,
  ],
  ["src/server/a.ts", 'import { Proxy } from "http-mitm-proxy";', /may not use http-mitm-proxy/],
  ["src/intercept/a.ts", 'import forge from "node-forge";', /may not use node-forge/],
  ["src/capture/a.ts", 'import { DatabaseSync } from "node:sqlite";', /may not use node:sqlite/],
  ["src/store/a.ts", 'import express from "express";', /may not use express/],
  ["src/intercept/a.ts", 'import { WebSocket } from "ws";', /may not use ws/],
  ["src/app.ts", 'import { WebSocketServer } from "ws";', /may not use ws/],
  ["src/base/a.ts", 'import leftPad from "left-pad";', /left-pad, which no folder is listed for/],
  ["src/base/a.ts", 'import "left-pad";', /left-pad/],
  ["src/base/a.ts", 'const pad = require("left-pad");', /left-pad/],
  ["src/base/a.ts", 'import { row } from "../../web/model/row.ts";', /reaches out of src/],
  ["src/diagnose/a.ts", 'import { read } from "../logs/read.ts";', /only types of logs/],
  ["src/gadgets/a.ts", "export const a = 1;", /nobody said what the folder gadgets/],
  [
    "web/views/a.tsx",
    'import { fail } from "../../src/base/errors.ts";',
    /may not import src\/base/,
  ],
  [
    "web/views/a.tsx",
    'import type { Feed } from "../../src/server/feed.ts";',
    /may not import src\/server\/feed/,
  ],
  [
    "web/views/a.tsx",
    'import { now } from "../../src/domain/instant.ts";',
    /only types from src\/domain/,
  ],
  [
    "web/model/a.ts",
    'import { signal } from "@preact/signals";',
    /pure folder but uses @preact\/signals/,
  ],
  ["web/feed/a.ts", 'import fs from "node:fs";', /node:fs, which the page may not/],
  ["src/base/a.ts", "//\n".repeat(maxLines + 1), /401 lines, over 400/],
];

test.each(planted)("%s is refused: %s", (path, text, problem) => {
  const files = new Map([
    ["src/base/fine.ts", "export const fine = 1;"],
    [path, text],
  ]);
  expect(architectureProblems(files)).toEqual([expect.stringMatching(problem)]);
});

test("what is allowed passes", () => {
  const files = new Map([
    ["src/diagnose/a.ts", 'import type { Line } from "../logs/read.ts";'],
    ["src/intercept/a.ts", 'import { connect } from "node:tls";\nimport { a } from "./b.ts";'],
    ["src/app.ts", 'import { startIntercept } from "./intercept/start-intercept.ts";'],
    ["web/views/a.tsx", 'import type { Health } from "../../src/server/messages.ts";'],
    ["src/base/text.ts", 'const note = "imports nothing from anywhere";\n// import { a } of old'],
  ]);
  expect(architectureProblems(files)).toEqual([]);
});

test("a scan that saw nothing fails", () => {
  expect(architectureProblems(new Map())).toEqual(["saw no source"]);
});
