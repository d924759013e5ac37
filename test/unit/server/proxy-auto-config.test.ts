/** The PAC file, run as browsers run it. */
import { createContext, runInContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proxyAutoConfig } from "../../../src/server/proxy-auto-config.ts";

type Find = (url: string, host: string) => string;

function evaluate(text: string): { find: Find; globals: readonly string[] } {
  const context = createContext(Object.create(null));
  runInContext(text, context);
  return {
    find: (url, host) =>
      String(
        runInContext(`FindProxyForURL(${JSON.stringify(url)}, ${JSON.stringify(host)})`, context),
      ),
    globals: Object.keys(context),
  };
}

const proxy = { host: "127.0.0.1", port: 8888 };
const through = "PROXY 127.0.0.1:8888; DIRECT";

describe("proxy auto-config", () => {
  const { find } = evaluate(
    proxyAutoConfig({
      proxy,
      hosts: [
        "Fin1.Demo.Test",
        "fin2.demo.test:8445",
        "10.1.0.5",
        "2001:db8::5",
        "[2001:db8::6]:443",
        "bücher.test",
        " ",
      ],
    }),
  );

  test.each([
    ["https://fin1.demo.test/desktop", "fin1.demo.test", through],
    ["https://FIN1.demo.test/", "FIN1.demo.test", through],
    ["https://fin1.demo.test./", "fin1.demo.test.", through],
    ["http://fin1.demo.test:8080/", "fin1.demo.test", through],
    ["https://fin2.demo.test/", "fin2.demo.test", through],
    ["https://10.1.0.5/", "10.1.0.5", through],
    ["https://[2001:db8::5]/", "2001:db8::5", through],
    ["https://[2001:db8::5]/", "[2001:db8::5]", through],
    ["https://[2001:db8::6]/", "2001:db8::6", through],
    ["https://xn--bcher-kva.test/", "xn--bcher-kva.test", through],
    ["https://other.test:7443/http-bind/", "other.test", through],
    ["https://other.test:7443", "other.test", through],
    ["wss://other.test:7443/ws", "other.test", through],
    ["https://other.test:8445/desktop", "other.test", through],
    ["https://[2001:db8::9]:7443/", "2001:db8::9", through],
    ["https://user:pass@other.test:8445/", "other.test", through],
    ["https://other.test/", "other.test", "DIRECT"],
    ["https://other.test:17443/", "other.test", "DIRECT"],
    ["https://other.test:744/", "other.test", "DIRECT"],
    ["https://other.test/?x=:7443", "other.test", "DIRECT"],
    ["https://other.test/a:8445/", "other.test", "DIRECT"],
    ["https://sub.fin1.demo.test/", "sub.fin1.demo.test", "DIRECT"],
    ["https://fin1.demo.test.evil.test/", "fin1.demo.test.evil.test", "DIRECT"],
    ["https://xfin1.demo.test/", "xfin1.demo.test", "DIRECT"],
    ["https://[2001:db8::9]/", "2001:db8::9", "DIRECT"],
    ["https://constructor/", "constructor", "DIRECT"],
    ["https://__proto__/", "__proto__", "DIRECT"],
    ["not a url", "", "DIRECT"],
  ])("%s (%s) -> %s", (url, host, expected) => {
    expect(find(url, host)).toBe(expected);
  });

  test("an IPv6 proxy stands in brackets", () => {
    const text = proxyAutoConfig({ proxy: { host: "::1", port: 8888 }, hosts: [] });
    expect(evaluate(text).find("https://a.test:7443/", "a.test")).toBe("PROXY [::1]:8888; DIRECT");
  });

  test("no name can become script: it defines nothing more, and stays ASCII", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (names) => {
        const hostile = [...names, '"];evil=1;//', "\\", "\u2028evil=1", "</script>", "*/evil=1"];
        const text = proxyAutoConfig({ proxy, hosts: hostile });
        expect(text).toMatch(/^[\x20-\x7e\n]*$/);
        expect(text).not.toContain("</");
        const { find: run, globals } = evaluate(text);
        expect([...globals].sort()).toEqual([
          "FindProxyForURL",
          "has",
          "hosts",
          "portOf",
          "ports",
          "proxy",
        ]);
        expect(run("https://plain.example/", "plain.example")).toBe("DIRECT");
      }),
      { numRuns: 200 },
    );
  });

  test("an old engine can read it", () => {
    const text = proxyAutoConfig({ proxy, hosts: ["a.test"] });
    expect(text).not.toMatch(/\b(const|let|class)\b|=>|`/);
  });
});
