/** The sign-in form: what goes with a transport, and what is sent. */
import { expect, test } from "vitest";
import {
  emptyForm,
  hasPath,
  signInBody,
  withTransport,
} from "../../../../web/model/sign-in-form.ts";

const typed = { ...emptyForm, agent: " 1001003 ", server: "fin1.demo.test" };

test("the domain is the server's unless it is said", () => {
  expect(signInBody(typed, "p")).toEqual({
    user: "1001003",
    host: "fin1.demo.test",
    domain: "fin1.demo.test",
    transport: "bosh",
    port: 7443,
    path: "/http-bind/",
    resource: "boshscope",
    password: "p",
  });
  expect(signInBody({ ...typed, domain: "ucce.local" }, "p")["domain"]).toBe("ucce.local");
});

test("TCP has no path", () => {
  const tcp = withTransport(typed, "starttls");
  expect(tcp.port).toBe("5222");
  expect(hasPath(tcp)).toBe(false);
  expect(signInBody(tcp, "p")).not.toHaveProperty("path");
  expect(withTransport(tcp, "websocket").path).toBe("/ws/");
});
