/**
 * The simulator as a process of its own. The first argument is JSON for `startFinessePair`; `agents` may be a
 * number, then they are the demo's. It prints one line of JSON with its ports,
 * then answers each line of stdin, or each message of its parent: `{"id":1,"call":"kick","args":["1001001"]}`. It ends with its parent.
 */
import { createInterface } from "node:readline";
import { reasonOf } from "../base/errors.ts";
import { type Command, Commands } from "./commands.ts";
import { type FinessePairOptions, startFinessePair } from "./finesse-pair.ts";
import type { AgentOptions } from "./node/contact-center.ts";
import { demoAgents } from "./start-demo.ts";

interface NumberedCommand extends Command {
  readonly id: number;
}

/** A list of thousands of agents would be too long for a command line. */
type ProcessOptions = Omit<FinessePairOptions, "agents"> & {
  readonly agents?: number | readonly AgentOptions[];
};

const { agents = [], ...options } = JSON.parse(process.argv[2] ?? "{}") as ProcessOptions;
const pair = await startFinessePair({
  ...options,
  agents: typeof agents === "number" ? demoAgents(agents) : agents,
});
const commands = new Commands(pair);

function tell(message: unknown): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else process.send(message);
}

async function end(): Promise<void> {
  await commands.close();
  process.exit(0);
}

async function answer(command: NumberedCommand): Promise<void> {
  if (command.call === "close") return await end();
  try {
    tell({ id: command.id, result: (await commands.run(command)) ?? null });
  } catch (thrown) {
    tell({ id: command.id, error: reasonOf(thrown) });
  }
}

function readLine(line: string): void {
  try {
    void answer(JSON.parse(line) as NumberedCommand);
  } catch (thrown) {
    tell({ id: null, error: reasonOf(thrown) });
  }
}

if (process.send === undefined) {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    if (line.trim() !== "") readLine(line);
  });
  lines.on("close", () => void end());
} else {
  process.on("message", (message) => void answer(message as NumberedCommand));
  process.on("disconnect", () => void end());
}

tell({
  ready: true,
  pid: process.pid,
  resolve: pair.resolve,
  resolveFlags: pair.resolveFlags,
  certificates: pair.certificates,
});
