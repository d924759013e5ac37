/** Reads the findings twice a second, and keeps when each was first seen and each time it changed its mind. */
import type { FindingList, FindingView } from "../../src/server/messages.ts";
import type { BoshscopeProcess } from "../support/boshscope-process.ts";
import type { Sighting } from "./contract.ts";

const everyMs = 500;

export class FindingWatch {
  readonly sightings: Sighting[] = [];
  findings: readonly FindingView[] = [];
  /** Why the API could not be read last; null = it could. */
  failure: string | null = null;
  readonly #boshscope: BoshscopeProcess;
  readonly #timer: NodeJS.Timeout;
  #reading = false;

  constructor(boshscope: BoshscopeProcess) {
    this.#boshscope = boshscope;
    this.#timer = setInterval(() => void this.read(), everyMs);
  }

  /** Reads once now. A Boshscope that is stopped answers later. */
  async read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const { findings } = await this.#boshscope.get<FindingList>("/findings?lang=en");
      this.#take(findings);
      this.failure = null;
    } catch (error) {
      this.failure = String(error);
    } finally {
      this.#reading = false;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #take(findings: readonly FindingView[]): void {
    const at = Date.now();
    for (const { id, cause, side, confidence, severity } of findings) {
      const before = this.sightings.findLast((sighting) => sighting.id === id);
      if (before?.cause === cause && before.side === side && before.severity === severity) continue;
      this.sightings.push({ at, id, cause, side, confidence, severity });
    }
    this.findings = findings;
  }
}
