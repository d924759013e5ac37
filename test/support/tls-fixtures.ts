/** The certificates in test/fixtures/tls: one authority that clients of the tests trust, one that nobody trusts. */
import { readFileSync } from "node:fs";

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), "utf8");

export const fixturePath = (name: string): string =>
  new URL(`../fixtures/tls/${name}`, import.meta.url).pathname;

export interface TestIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** The names every identity is for, and the port that scripts speak to. */
export const demoHost = "fin1.demo.test";
export const demoPort = 7443;

const identity = (name: string): TestIdentity => ({
  ca: fixture(`${name}-ca.pem`),
  cert: fixture(`${name}-server.pem`),
  key: fixture(`${name}-server.key`),
});

export const trusted: TestIdentity = identity("trusted");
export const untrusted: TestIdentity = identity("untrusted");
