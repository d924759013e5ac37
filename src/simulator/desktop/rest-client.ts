/** A desktop's REST requests, with the headers and the `nocache` that finesse.js gives them. */
import { randomUUID } from "node:crypto";
import type { Browser, Fetch } from "./browser.ts";
import type { DesktopLog } from "./desktop-log.ts";
import type { PageThread } from "./page-thread.ts";

export interface RestClientOptions {
  readonly browser: Browser;
  readonly thread: PageThread;
  readonly log: DesktopLog;
  readonly agent: string;
  readonly password: string;
}

export interface RestEnd {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly body: string;
  /** Real ms from the request to the end of its answer. */
  readonly tookMs: number;
}

const restPort = 8445;

export class RestClient {
  private readonly options: RestClientOptions;
  private readonly authorization: string;

  constructor(options: RestClientOptions) {
    this.options = options;
    const pair = `${options.agent}:${options.password}`;
    this.authorization = `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
  }

  get(host: string, path: string, done: (end: RestEnd) => void): void {
    const separator = path.includes("?") ? "&" : "?";
    const nocache = this.options.thread.time.wall();
    const headers = ["Accept", "application/xml", "Authorization", this.authorization];
    const target = `${path}${separator}nocache=${nocache}`;
    this.fetch({ host, method: "GET", path: target, headers, body: "" }, done);
  }

  /** Gives the requestId by which the notification about it can be known. */
  change(
    host: string,
    method: "PUT" | "POST",
    path: string,
    body: string,
    done: (end: RestEnd) => void,
  ): string {
    const requestId = randomUUID();
    const headers = [
      "Accept",
      "application/xml",
      "Content-Type",
      "application/xml",
      "Authorization",
      this.authorization,
      "requestId",
      requestId,
    ];
    this.fetch({ host, method, path, headers, body }, done);
    return requestId;
  }

  /** A gadget's request through Shindig: the Authorization header travels inside the form. */
  gadget(host: string, path: string, done: (end: RestEnd) => void): void {
    const form = new URLSearchParams({
      url: `http://localhost:8082${path}`,
      httpMethod: "GET",
      headers: new URLSearchParams({ Authorization: this.authorization }).toString(),
      postData: "",
    });
    const headers = ["Accept", "*/*", "Content-Type", "application/x-www-form-urlencoded"];
    const body = form.toString();
    this.fetch({ host, method: "POST", path: "/gadgets/makeRequest", headers, body }, done);
  }

  /** A page or one of its files. */
  page(host: string, path: string, done: (end: RestEnd) => void, port = restPort): void {
    const headers = ["Accept", "text/html,*/*;q=0.8"];
    this.fetch({ host, method: "GET", path, headers, body: "", port }, done);
  }

  private fetch(
    wanted: Omit<Fetch, "port"> & { port?: number },
    done: (end: RestEnd) => void,
  ): void {
    const { host, method, path } = wanted;
    const { browser, thread, log } = this.options;
    const started = performance.now();
    const [what = ""] = path.split("?", 1);
    log.add("rest-sent", { method, path: what, host });
    browser.fetch({ port: restPort, ...wanted }, (end) => {
      const tookMs = performance.now() - started;
      thread.run(() => {
        if (end.kind === "answer") {
          log.add("rest-answered", { method, path: what, host, status: end.status });
          done({ status: end.status, body: end.body, tookMs });
        } else {
          log.add("rest-failed", { method, path: what, host, why: end.code });
          done({ status: 0, body: "", tookMs });
        }
      });
    });
  }
}
