import { expect, test } from "vitest";
import {
  isHarmlessCookie,
  isSecretName,
  isSecretParameter,
  secretNameCues,
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
  "pass",
  "userPwd",
  "newpwd",
  "NEWPWD2",
  "txtPass",
  "user_pass",
  "userpass",
  "X-Pwd",
  "x-access-key",
  "Ocp-Apim-Subscription-Key",
  "pin",
  "otp",
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
  "compass",
  "bypass",
  "byPass",
  "by_pass",
  "passed",
  "spin",
  "pinned",
  "ping",
  "key",
])("%s does not", (name) => {
  expect(isSecretName(name)).toBe(false);
});

test("every name has a cue in it, but those that are common within words", () => {
  const cue = new RegExp(secretNameCues, "i");
  for (const name of [
    "pass",
    "passcode",
    "otp",
    "jwt",
    "access_key",
    "PrivateKey",
    "code-verifier",
  ])
    expect(cue.test(name)).toBe(true);
  for (const name of ["user.pass", "newpwd", "SAMLResponse", "subscriptionKey", "JSESSIONID"])
    expect(cue.test(name)).toBe(true);
  expect(cue.test("typing, spin, bear")).toBe(false);
});

test("a few short names are secrets in URLs and forms only", () => {
  for (const name of ["st", "code", "key"]) expect(isSecretParameter(name)).toBe(true);
});

test("known cookies are harmless in any case", () => {
  expect(isHarmlessCookie("Finesse_AG_Extension")).toBe(true);
  expect(isHarmlessCookie("JSESSIONID")).toBe(false);
});
