/** The desktop's minute: SystemInfo with the client's clock in it, drift and latency from the answer, and the log sent to the server. */
import { escapeXml } from "../write-xml.ts";
import { firefox64 } from "./browser.ts";
import type { PageThread } from "./page-thread.ts";
import { fieldOf } from "./read-update.ts";
import type { RestClient } from "./rest-client.ts";

const checkMs = 60_000;
/** Minutes of log in one ClientLog. */
const linesPerPost = 5;

export interface SystemCheckOptions {
  readonly rest: RestClient;
  readonly thread: PageThread;
  readonly agent: string;
}

export class SystemCheck {
  driftMs: number | null = null;
  private readonly options: SystemCheckOptions;
  private lines: string[] = [];
  /** Counts starts, so that the chain of an earlier one ends. */
  private run = 0;

  constructor(options: SystemCheckOptions) {
    this.options = options;
  }

  start(host: string): void {
    this.run += 1;
    const { run } = this;
    const { thread } = this.options;
    let due = thread.time.now() + checkMs;
    const next = (): void => {
      thread.after(Math.max(0, due - thread.time.now()), () => {
        if (this.run !== run) return;
        // From its own plan, so that the cadence does not creep.
        due = Math.max(due + checkMs, thread.time.now());
        this.check(host);
        next();
      });
    };
    next();
  }

  stop(): void {
    this.run += 1;
  }

  private check(host: string): void {
    const { rest, thread } = this.options;
    const sent = thread.time.wall();
    rest.get(host, "/finesse/api/SystemInfo?timestamponly", ({ status, body, tookMs }) => {
      const server = Date.parse(fieldOf(body, "currentTimestamp") ?? "");
      if (status !== 200 || Number.isNaN(server)) return;
      const client = Math.round(sent + tookMs / 2);
      this.driftMs = server - client;
      this.lines.push(logLine(host, client, server, tookMs));
      if (this.lines.length >= linesPerPost) this.post(host);
    });
  }

  private post(host: string): void {
    const { rest, agent } = this.options;
    const text = escapeXml(this.lines.splice(0).join("\n")).replaceAll("\n", "&#10;");
    const body = `<ClientLog><logData>${firefox64}&#10;${text}</logData></ClientLog>`;
    rest.change(host, "POST", `/finesse/api/User/${agent}/ClientLog`, body, () => {
      // Its status is in the desktop's log.
    });
  }
}

/** As finesse.js builds it: client time, host, server time, origin, message. */
function logLine(host: string, client: number, server: number, tookMs: number): string {
  const local = new Date(client).toISOString().slice(0, -1);
  const day = new Date(server).toUTCString().split(" ");
  const clock = new Date(server).toISOString().slice(11, 23);
  const serverTime = `${day[2]} ${day[1]} ${day[3]} ${clock} +0000`;
  const [clientIso, serverIso] = [new Date(client).toISOString(), new Date(server).toISOString()];
  return `${local} +00:00: : ${host}: ${serverTime}: Header : Client: ${clientIso}, Server: ${serverIso}, Drift: ${server - client} ms, Network Latency (round trip): ${Math.round(tookMs)} ms`;
}
