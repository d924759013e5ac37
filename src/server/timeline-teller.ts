/** Sessions and agents as messages of the feed: all for who begins, and to all who follow what changed. */
import type { Timeline } from "../domain/recording.ts";
import type { AgentSummary } from "../domain/timeline.ts";
import type { FeedMessage } from "./messages.ts";

export class TimelineTeller {
  /** Login id → the newest line of its story that all who follow know. */
  readonly #told = new Map<string, string>();

  all(captureId: string, timeline: Timeline): string {
    return textOf(captureId, timeline);
  }

  /** A story is told only when it has grown: an agent changes with each poll, and its story is most of what there is to say of it. */
  changes(captureId: string, { sessions, agents }: Timeline): string {
    return textOf(captureId, { sessions, agents: agents.map((agent) => this.#short(agent)) });
  }

  /** Another capture: its agents may have the same names. */
  forget(): void {
    this.#told.clear();
  }

  #short(agent: AgentSummary): Omit<AgentSummary, "story"> {
    const newest = agent.story.at(-1);
    const line = newest === undefined ? "" : JSON.stringify(newest);
    if (this.#told.get(agent.agent) !== line) {
      this.#told.set(agent.agent, line);
      return agent;
    }
    const { story: _, ...rest } = agent;
    return rest;
  }
}

function textOf(
  captureId: string,
  timeline: Pick<Extract<FeedMessage, { kind: "timeline" }>, "sessions" | "agents">,
): string {
  const message: FeedMessage = { kind: "timeline", captureId, ...timeline };
  return JSON.stringify(message);
}
