import { describe, expect, test } from "vitest";
import type { ExchangeSummary, Outcome } from "../../../../src/domain/exchange.ts";
import {
  hostText,
  processText,
  resultText,
  rowKind,
  searchText,
  typeText,
  urlText,
} from "../../../../web/model/row-cells.ts";
import { makeExchange } from "../../../support/page-rows.ts";

const now = Date.parse("2026-11-22T10:00:00.000Z");
const row = (options: Parameters<typeof makeExchange>[3] = {}): ExchangeSummary =>
  makeExchange(7, now, 0, options).summary;
const failed = (status: number | null): Outcome => ({
  kind: "failed",
  phase: "headers",
  cause: "reset",
  blame: "server",
  status,
  alert: null,
  detail: "read ECONNRESET",
});

describe("what a row shows", () => {
  test("an unanswered request is -, as in Fiddler; an answer that began keeps its status", () => {
    expect(resultText(row({ outcome: { kind: "pending" } }))).toBe("-");
    expect(resultText(row({ outcome: failed(null) }))).toBe("-");
    expect(resultText(row({ outcome: failed(200) }))).toBe("200");
    expect(resultText(row({ outcome: { kind: "responded", status: 404, reason: "" } }))).toBe(
      "404",
    );
    expect(row({ outcome: { kind: "pending" } }).sizes.responseBody).toBe(-1);
  });

  test("a tunnel is 'Tunnel to' host:port", () => {
    const tunnel = row({ kind: "tunnel", host: "fin1.ucce.local", port: 7443 });
    expect(hostText(tunnel)).toBe("Tunnel to");
    expect(urlText(tunnel)).toBe("fin1.ucce.local:7443");
  });

  test("the port is shown unless it is the scheme's own", () => {
    expect(hostText(row({ port: 7443 }))).toBe("fin1.ucce.local:7443");
    expect(hostText(row({ port: 443 }))).toBe("fin1.ucce.local");
    expect(hostText(row({ port: 80, protocol: "HTTP" }))).toBe("fin1.ucce.local");
    expect(hostText(row({ host: "fd00::1", port: 8445 }))).toBe("[fd00::1]:8445");
  });

  test("the process, or else the address", () => {
    expect(processText(row())).toBe("chrome:14212");
    expect(processText(row({ client: { address: "10.1.20.31", port: 1, process: null } }))).toBe(
      "10.1.20.31",
    );
    expect(typeText(row({ contentType: "text/xml; charset=utf-8" }))).toBe("text/xml");
  });

  test("colour says what went wrong before it says what it is", () => {
    const status = (code: number): Outcome => ({ kind: "responded", status: code, reason: "" });
    expect(rowKind(row({ role: "poll", outcome: failed(null) }))).toBe("failed");
    expect(rowKind(row({ role: "poll", outcome: status(404) }))).toBe("error");
    expect(rowKind(row({ role: "rest", outcome: status(401) }))).toBe("auth");
    expect(rowKind(row({ role: "poll" }))).toBe("poll");
    expect(rowKind(row({ contentType: "application/javascript" }))).toBe("script");
    expect(rowKind(row({ contentType: "image/png" }))).toBe("image");
    expect(rowKind(row({ contentType: "application/octet-stream" }))).toBe("plain");
  });

  test("a search finds what is shown, in any case", () => {
    const text = searchText(row({ comment: "The Disconnect", sid: "f382a015", rid: 42 }));
    for (const part of ["the disconnect", "f382a015", "42", "/desktop/container/"]) {
      expect(text).toContain(part);
    }
  });
});
