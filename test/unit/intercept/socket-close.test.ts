import { expect, test } from "vitest";
import { closeReasonOf, dialFailure } from "../../../src/intercept/socket-close.ts";

const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

test.each([
  ["ECONNRESET", "reset"],
  ["EPIPE", "reset"],
  ["ETIMEDOUT", "timeout"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "failed"],
])("%s is %s", (code, how) =>
  expect(closeReasonOf(coded(code))).toMatchObject({ how, alert: null, detail: code }),
);

test("a TLS alert keeps its number", () => {
  const error = coded(
    "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "error:0A000416:SSL routines::ssl/tls alert certificate unknown:SSL alert number 46",
  );
  expect(closeReasonOf(error)).toEqual({
    how: "tls-alert",
    alert: 46,
    detail: "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
  });
});

test.each([
  ["ECONNREFUSED", "refused"],
  ["ETIMEDOUT", "timeout"],
  ["ENOTFOUND", "dns"],
  ["EHOSTUNREACH", "unreachable"],
  ["ECONNRESET", "reset"],
  ["BOSHSCOPE_UPSTREAM", "upstream-proxy"],
])("a dial that ends in %s is %s", (code, cause) =>
  expect(dialFailure(coded(code)).cause).toBe(cause),
);
