/** Routes that need no token: the page (which holds no data), the proxy auto-config, the root CA, and the API's description. */
import { join } from "node:path";
import type { Request, RequestHandler } from "express";
import express from "express";
import { fail } from "../base/errors.ts";
import type { Access } from "./access.ts";
import { isWildcard, plainAddress } from "./gate.ts";
import { pageQuery } from "./input.ts";
import { proxyAutoConfig } from "./proxy-auto-config.ts";
import { checked, content, type Route, route } from "./route.ts";
import type { ServerOptions } from "./server-options.ts";

export function pageRoutes(options: ServerOptions, access: Access): readonly Route[] {
  return [pageRoute(options, access), pacRoute(options), ...authorityRoutes(options)];
}

/** Must be registered last: it answers whatever file name is left. */
export function fileRoute({ webDir }: ServerOptions): Route {
  return {
    method: "get",
    path: "/*file",
    summary: "Files of the page.",
    open: true,
    answers: {
      200: { description: "The file.", type: "*/*" },
      404: { description: "No such file." },
    },
    params: null,
    query: null,
    body: null,
    handlers: [builtFiles(webDir)],
  };
}

function pageRoute(options: ServerOptions, access: Access): Route {
  return {
    method: "get",
    path: "/",
    summary:
      "The page. With ?token= sets the page's cookie and redirects to the address without it.",
    open: true,
    answers: {
      200: { description: "The page.", type: "text/html" },
      303: { description: "The token was right; the page is at the address without it." },
      401: { description: "The token is wrong.", type: "text/plain" },
    },
    params: null,
    query: pageQuery,
    body: null,
    handlers: [takeToken(access), builtFiles(options.webDir), sayHowToBuild],
  };
}

/** Moves the token from the address, where it would stay in histories, to a cookie that scripts can't read. */
function takeToken(access: Access): RequestHandler {
  return (request, response, next) => {
    const { token } = checked(pageQuery, request.query, "query");
    if (token === undefined) {
      next();
      return;
    }
    if (!access.isToken(token)) {
      const { message, remedy } = fail("unauthorized");
      response.status(401).type("text/plain").send(`${message} ${remedy}\n`);
      return;
    }
    response.setHeader("Set-Cookie", access.cookie);
    response.setHeader("Location", withoutToken(request));
    response.status(303).end();
  };
}

function withoutToken(request: Request): string {
  const parameters = new URL(request.url, "http://page").searchParams;
  parameters.delete("token");
  const rest = parameters.toString();
  return rest === "" ? "/" : `/?${rest}`;
}

/** Vite names files under assets/ by their content, so only those may be kept. */
function builtFiles(webDir: string): RequestHandler {
  const assets = join(webDir, "assets", "/");
  return express.static(webDir, {
    redirect: false,
    setHeaders: (response, path) => {
      const keep = path.startsWith(assets) ? "public, max-age=31536000, immutable" : "no-cache";
      response.setHeader("Cache-Control", keep);
    },
  });
}

const sayHowToBuild: RequestHandler = (_request, response) => {
  response.type("text/html").send(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Boshscope</title></head>
<body>
<h1>Boshscope is running, but its page is not built</h1>
<p>Run <code>npm run build</code> in the folder it was started from, then reload.</p>
<p>The proxy and the <a href="/openapi.json">API</a> work without it.</p>
</body>
</html>
`);
};

function pacRoute(options: ServerOptions): Route {
  return route("get", "/proxy.pac", {
    summary:
      "Proxy auto-config: Finesse hosts, and ports 7443 and 8445 of any host, go to the proxy.",
    open: true,
    answers: { 200: { description: "The script.", type: "application/x-ns-proxy-autoconfig" } },
    answer: (_input, request) => {
      const { host, port } = options.proxy();
      // A proxy that listens everywhere is reached where this server was.
      const reached = plainAddress(request.socket.localAddress ?? "127.0.0.1");
      const proxy = { host: isWildcard(host) ? reached : host, port };
      return content(proxyAutoConfig({ proxy, hosts: options.finesseHosts() }), {
        "Content-Type": "application/x-ns-proxy-autoconfig",
      });
    },
  });
}

function authorityRoutes({ ca }: ServerOptions): readonly Route[] {
  return [
    route("get", "/boshscope-ca.pem", {
      summary: "The root CA to trust, as PEM.",
      open: true,
      answers: { 200: { description: "The certificate.", type: "application/x-pem-file" } },
      answer: () =>
        content(ca.pem, {
          "Content-Type": "application/x-pem-file",
          "Content-Disposition": 'attachment; filename="boshscope-ca.pem"',
        }),
    }),
    route("get", "/boshscope-ca.cer", {
      summary: "The root CA to trust, as DER; Firefox offers to import it.",
      open: true,
      answers: { 200: { description: "The certificate.", type: "application/x-x509-ca-cert" } },
      answer: () => content(ca.der, { "Content-Type": "application/x-x509-ca-cert" }),
    }),
  ];
}
