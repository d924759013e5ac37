import { expect, test } from "vitest";
import { roleOf } from "../../../src/finesse/role-of.ts";

test.each([
  ["POST", "/http-bind/", false, "poll"],
  ["post", "/http-bind", false, "poll"],
  ["GET", "/http-bind/", false, "other"],
  ["GET", "/finesse/api/SystemInfo?timestamponly&nocache=1492185680998", false, "systeminfo"],
  ["GET", "/finesse/api/SystemInfo", false, "systeminfo"],
  ["PUT", "/finesse/api/User/47483648", false, "rest"],
  ["GET", "/finesse/api/SystemInfos", false, "rest"],
  ["GET", "/ws/", true, "websocket"],
  ["GET", "/ws/", false, "other"],
  ["GET", "/desktop/container/", false, "other"],
] as const)("%s %s (WebSocket: %s) is %s", (method, path, isWebSocket, role) => {
  expect(roleOf(method, path, isWebSocket)).toBe(role);
});
