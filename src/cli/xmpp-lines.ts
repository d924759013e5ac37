/** Runs the lines of the console one after the other: typed, given as --command, or read from a file. */
import { fail } from "../base/errors.ts";
import { readStanzaFilter, type StanzaTest } from "../console/stanza-filter.ts";
import type { ShownStanza } from "../domain/xmpp-console.ts";
import { type Console, runCommand } from "../xmpp-client/run-command.ts";
import { consoleHelp, type XmppOutput } from "./xmpp-output.ts";

/** What is shown without being asked for. */
export type Watching = "all" | "events" | "none";

export class XmppLines {
  readonly #console: Console;
  readonly #output: XmppOutput;
  readonly #signal: AbortSignal;
  #watching: Watching;
  #filter: StanzaTest;
  /** Lines that went wrong. */
  failures = 0;

  constructor(
    console: Console,
    output: XmppOutput,
    options: {
      readonly watching: Watching;
      readonly filter: string;
      /** Ends a wait. */
      readonly signal: AbortSignal;
    },
  ) {
    this.#console = console;
    this.#output = output;
    this.#watching = options.watching;
    this.#signal = options.signal;
    this.#filter = readStanzaFilter(options.filter);
  }

  /** A stanza came or went. */
  heard(stanza: ShownStanza): void {
    const isEvent = stanza.direction === "in" && stanza.kind !== "iq" && stanza.kind !== "sasl";
    const isWanted = this.#watching === "all" || (this.#watching === "events" && isEvent);
    if (isWanted && this.#filter(stanza)) this.#output.stanza(stanza);
  }

  /** False = that was quit. */
  async run(line: string): Promise<boolean> {
    const [name = "", ...words] = line.trim().split(/\s+/);
    if (name === "quit" || name === "exit") return false;
    if (name === "" || name.startsWith("#")) return true;
    try {
      await this.#do(name, words.join(" "), line);
    } catch (error) {
      this.failures += 1;
      this.#output.failure(line, error);
    }
    return true;
  }

  async #do(name: string, rest: string, line: string): Promise<void> {
    switch (name) {
      case "help":
        return this.#output.note(consoleHelp());
      case "watch":
        this.#watching = rest === "off" ? "none" : "all";
        return this.#output.note(`watching ${this.#watching}`);
      case "filter":
        this.#filter = readStanzaFilter(rest);
        return this.#output.note(rest === "" ? "no filter" : `filter ${rest}`);
      case "wait":
        return await this.#wait(rest);
      default:
        this.#output.answer(await runCommand(this.#console, line));
    }
  }

  /** Until the time is over, or the session, or all is to end. */
  async #wait(text: string): Promise<void> {
    const seconds = Number(text);
    if (!(seconds >= 0 && seconds <= 86_400))
      throw fail("request-invalid", { problem: "wait needs a number of seconds." });
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, seconds * 1000);
    this.#signal.addEventListener("abort", () => resolve(), { once: true });
    await Promise.race([promise, this.#console.session.ended]);
    clearTimeout(timer);
  }
}
