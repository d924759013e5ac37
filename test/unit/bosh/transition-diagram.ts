/** Draws the transition table as a Mermaid diagram. */
import { initialStates, transitions } from "../../../src/bosh/transitions.ts";

export const marks = ["<!-- from transitions.ts: begin -->", "<!-- from transitions.ts: end -->"];

const starts: Readonly<Record<string, string>> = {
  creating: "creation seen",
  open: "joined in its middle",
};

export function transitionDiagram(): string {
  const lines = [
    "```mermaid",
    "stateDiagram-v2",
    ...initialStates.map((state) => `  [*] --> ${state} : ${starts[state]}`),
    ...transitions.map(({ from, on, to, because }) => `  ${from} --> ${to} : ${on} (${because})`),
    "```",
  ];
  return lines.join("\n");
}

/** The same README with the diagram as the table has it now. */
export function withDiagram(readme: string): string {
  const [begin = "", end = ""] = marks;
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from === -1 || to < from) throw new Error("the README has lost the marks of its diagram");
  return `${readme.slice(0, from)}${begin}\n${transitionDiagram()}\n${readme.slice(to)}`;
}
