/** The express application: gate, token, routes, and errors, in that order. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { BoshscopeError, fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Access } from "./access.ts";
import { byHandRoutes } from "./by-hand-routes.ts";
import { captureRoutes } from "./capture-routes.ts";
import { compareRoutes } from "./compare-routes.ts";
import { exchangeRoutes } from "./exchange-routes.ts";
import { faultRoutes } from "./fault-routes.ts";
import type { Feed } from "./feed.ts";
import { findingRoutes } from "./finding-routes.ts";
import { foreignSiteRefusal, type OwnAddress, refusalOf } from "./gate.ts";
import { feedQuery } from "./input.ts";
import { observationRoutes } from "./observation-routes.ts";
import { openApi } from "./open-api.ts";
import { fileRoute, pageRoutes } from "./page-routes.ts";
import { noSuchRoute, problemBody, problemOf } from "./problem.ts";
import { reportRoutes } from "./report-routes.ts";
import { json, jsonOf, type Route, route } from "./route.ts";
import { sendSecurityHeaders } from "./security-headers.ts";
import type { ServerOptions } from "./server-options.ts";
import { timelineRoutes } from "./timeline-routes.ts";
import { transferRoutes } from "./transfer-routes.ts";
import { xmppRoutes } from "./xmpp-routes.ts";

interface Needs {
  readonly options: ServerOptions;
  readonly own: OwnAddress;
  readonly access: Access;
  readonly feed: Feed;
}

export function createHttpApp({ options, own, access, feed }: Needs): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.use(sendSecurityHeaders);
  app.use((request, _response, next) => next(refusalOf(request, own) ?? undefined));
  app.use("/api", admit(access));
  for (const { method, path, handlers } of allRoutes({ options, own, access, feed })) {
    app[method](path, ...handlers);
  }
  app.use((request) => {
    throw noSuchRoute(request.method, request.path);
  });
  app.use(answerError(options.log));
  return app;
}

function allRoutes({ options, access, feed }: Needs): readonly Route[] {
  const routes: Route[] = [
    ...captureRoutes(options, feed),
    ...exchangeRoutes({ reader: options.reader, recorder: options.recorder, feed }),
    ...timelineRoutes(options),
    ...findingRoutes(options),
    ...reportRoutes(options),
    ...byHandRoutes(options),
    ...compareRoutes(options),
    ...transferRoutes(options),
    ...xmppRoutes(options),
    ...observationRoutes(options),
    ...faultRoutes(options),
    feedRoute,
    ...pageRoutes(options, access),
  ];
  routes.push(descriptionRoute(routes, options.version), fileRoute(options));
  return routes;
}

/** Reads `routes` when asked, so that it describes also those registered after it. */
function descriptionRoute(routes: readonly Route[], version: string): Route {
  return route("get", "/openapi.json", {
    summary: "This description.",
    open: true,
    answers: { 200: { description: "OpenAPI 3.1.", type: "application/json", schema: {} } },
    answer: () => json(openApi(routes, version)),
  });
}

/** Describes the feed, and answers those who GET it like any resource; the WebSocket itself never gets here. */
const feedRoute: Route = {
  method: "get",
  path: "/api/feed",
  summary: "The live feed (WebSocket): hello, then rows, status, resync, query-error.",
  answers: {
    101: { description: "The feed is open; every message is JSON with a kind." },
    426: jsonOf("Error", "Not a WebSocket request."),
  },
  params: null,
  query: feedQuery,
  body: null,
  handlers: [
    (_request, response) => {
      response.setHeader("Upgrade", "websocket");
      const error = fail("request-invalid", { problem: "The feed is a WebSocket." });
      response.status(426).json(problemBody({ status: 426, error }));
    },
  ],
};

function admit(access: Access): RequestHandler {
  return (request, _response, next) => {
    const foreign = foreignSiteRefusal(request);
    if (foreign !== null) throw foreign;
    if (!access.admits(request.headers)) throw fail("unauthorized");
    next();
  };
}

function answerError(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    // The path alone is named: a query may hold what people searched for.
    const problem = problemOf(thrown, `${request.method} ${request.path}`, log);
    if (response.headersSent) {
      next(thrown);
      return;
    }
    if (thrown instanceof BoshscopeError && thrown.code === "unauthorized") {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    response.status(problem.status).json(problemBody(problem));
  };
}
