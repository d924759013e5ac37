import { expect, test } from "vitest";
import {
  isHarmlessCookie,
  isSecretName,
  isSecretParameter,
} from "../../../src/redact/secret-names.ts";

test.each([
  "password",
  "j_password",
  "Passwd",
  "user[password]",
  "newPassword",
  "clientSecret",
  "client_secret",
  "token",
  "refresh-token",
  "access_token",
  "X-Auth-Token",
  "JSESSIONID",
  "SAMLResponse",
  "api-key",
  "Authorization",
])("%s announces a secret", (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each([
  "code",
  "st",
  "state",
  "sid",
  "rid",
  "token_type",
  "tokenExpiry",
  "expires_in",
  "passwordPolicy",
  "author",
  "mechanism",
  "requestId",
  "loginId",
  "tokenUri",
  "session",
  "key",
])("%s does not", (name) => {
  expect(isSecretName(name)).toBe(false);
});

test("a few short names are secrets in URLs and forms only", () => {
  for (const name of ["st", "code", "key"]) expect(isSecretParameter(name)).toBe(true);
});

test("known cookies are harmless in any case", () => {
  expect(isHarmlessCookie("Finesse_AG_Extension")).toBe(true);
  expect(isHarmlessCookie("JSESSIONID")).toBe(false);
});
