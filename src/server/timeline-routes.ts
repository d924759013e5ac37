/** Routes about what belongs together: sessions, agents, and the marks on their lanes. */
import type { CaptureReader, Recorder } from "../domain/recording.ts";
import { lanesQuery } from "./input.ts";
import { json, jsonOf, jsonText, type Route, route } from "./route.ts";

interface Needs {
  readonly reader: CaptureReader;
  readonly recorder: Recorder;
}

export function timelineRoutes({ reader, recorder }: Needs): readonly Route[] {
  return [
    route("get", "/api/sessions", {
      summary: "BOSH and WebSocket sessions of the running capture, oldest first.",
      answers: { 200: jsonOf("SessionList", "The sessions.") },
      answer: () => json({ sessions: recorder.timeline().sessions }),
    }),
    route("get", "/api/agents", {
      summary: "Agents of the running capture: sessions, SystemInfo rhythm, story.",
      answers: { 200: jsonOf("AgentList", "The agents, by login id.") },
      answer: () => {
        const agents = [...recorder.timeline().agents];
        return json({ agents: agents.sort((a, b) => (a.agent < b.agent ? -1 : 1)) });
      },
    }),
    route("get", "/api/lanes", {
      summary: "Marks of exchanges on their agents' lanes, latest first.",
      query: lanesQuery,
      answers: {
        200: jsonOf("LaneMarkList", "One page."),
        400: jsonOf("Error", "The request is not accepted."),
      },
      answer: async ({ query }) => {
        const { captureId } = recorder.status();
        const { before, limit, agent } = query;
        const page = await reader.lanes({
          limit,
          ...(before === undefined ? {} : { before }),
          ...(agent === undefined ? {} : { agent }),
        });
        const id = JSON.stringify(captureId);
        return jsonText(
          `{"captureId":${id},"marks":${page.marks},"next":${page.next},"more":${page.more}}`,
        );
      },
    }),
  ];
}
