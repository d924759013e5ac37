/** Tells people of a finding where they are not looking at the page: a webhook, or this PC's own notifications. Off unless asked for. */
import { spawn } from "node:child_process";
import { reasonOf } from "./base/errors.ts";
import { background, type Log } from "./base/log.ts";
import { renderFinding } from "./diagnose/words/render.ts";
import type { Finding } from "./domain/finding.ts";
import type { Recorder } from "./domain/recording.ts";

export interface NotifyOptions {
  readonly recorder: Pick<Recorder, "onFindings">;
  /** URL that each finding is posted to as JSON; null = none. */
  readonly webhook: string | null;
  readonly desktop: boolean;
  readonly log: Log;
  readonly platform: NodeJS.Platform;
  /** Runs a program of this PC; its failure is logged. */
  readonly run?: (command: string, args: readonly string[]) => void;
}

const severities = ["warning", "near-miss", "disconnect"] as const;
/** A receiver that hangs may not pile up posts. */
const timeoutMs = 5000;
const maxUnderWay = 20;
const maxTold = 5000;

/** Returns the way to stop. A finding is told when it is new, and again when it has become worse. */
export function notifyFindings(options: NotifyOptions): () => void {
  const { recorder, webhook, desktop } = options;
  if (webhook === null && !desktop) return () => undefined;
  const told = new Map<string, number>();
  let underWay = 0;
  const tell = (finding: Finding): void => {
    const level = severities.indexOf(finding.severity);
    if (level <= (told.get(finding.id) ?? -1)) return;
    told.set(finding.id, level);
    const oldest = told.keys().next().value;
    if (told.size > maxTold && oldest !== undefined) told.delete(oldest);
    if (desktop) showOnDesktop(finding, options);
    if (webhook === null || underWay >= maxUnderWay) return;
    underWay += 1;
    const posted = post(webhook, finding).finally(() => (underWay -= 1));
    background(posted, "notify.webhook", options.log);
  };
  return recorder.onFindings((changed) => {
    for (const finding of changed) tell(finding);
  });
}

/** `text` is what chat tools show; the rest is the finding as the API gives it. */
async function post(url: string, finding: Finding): Promise<void> {
  const view = renderFinding(finding, "en");
  const text = `${finding.severity}: ${view.title} (${finding.cause}, ${finding.side})`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text, finding: view }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
}

function showOnDesktop(finding: Finding, { platform, log, run = runQuietly(log) }: NotifyOptions) {
  const { title } = renderFinding(finding, "en");
  const [command, ...args] = desktopCommand(platform, title);
  if (command !== undefined) run(command, args);
}

/** Text goes as an argument of its own or through quoting; it holds host names and agent ids from the wire. */
export function desktopCommand(platform: NodeJS.Platform, text: string): readonly string[] {
  const plain = text.replaceAll(/[^\p{L}\p{N} .,:;()/%-]/gu, " ").slice(0, 200);
  if (platform === "darwin")
    return ["osascript", "-e", `display notification "${plain}" with title "Boshscope"`];
  if (platform === "win32")
    return ["msg.exe", process.env["USERNAME"] ?? "*", "/TIME:30", `Boshscope: ${plain}`];
  return ["notify-send", "--app-name=Boshscope", "Boshscope", plain];
}

const runQuietly =
  (log: Log) =>
  (command: string, args: readonly string[]): void => {
    const child = spawn(command, args, { stdio: "ignore" });
    child.on("error", (error) => log.warn("notify.desktop", { why: reasonOf(error) }));
    child.unref();
  };
