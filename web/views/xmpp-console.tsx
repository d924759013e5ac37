/** The command line of a session, with what each line brought; nodes come as a list to subscribe from. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CommandAnswer, XmppNode, XmppSessionInfo } from "../../src/domain/xmpp-console.ts";
import { words } from "../i18n/words.ts";
import { attempt } from "../state/toast.ts";
import { runLine, type Said, transcript } from "../state/xmpp.ts";
import { XmlView } from "./xml-view.tsx";

export function XmppConsole({ session }: { readonly session: XmppSessionInfo }): JSX.Element {
  const { xmpp } = words.value;
  const end = useRef<HTMLDivElement>(null);
  const lines = transcript.value;
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [lines]);
  const run = (line: string): void => attempt(runLine(session.id, line));
  const isOver = session.state === "ended";
  return (
    <aside class="xmpp-console">
      <div class="toolbar" role="toolbar">
        <button
          type="button"
          class="button small"
          disabled={isOver}
          data-testid="xmpp-nodes"
          onClick={() => run("nodes")}
        >
          {xmpp.nodes}
        </button>
        <button
          type="button"
          class="button small"
          disabled={isOver}
          onClick={() => run("subscriptions")}
        >
          {xmpp.subscriptions}
        </button>
      </div>
      <div class="scroll" role="log" data-testid="xmpp-transcript">
        {lines.map((said) => (
          <Line key={said.number} said={said} onSubscribe={(node) => run(`subscribe "${node}"`)} />
        ))}
        <div ref={end} />
      </div>
      <CommandLine isOver={isOver} onRun={run} />
    </aside>
  );
}

function Line(props: {
  readonly said: Said;
  readonly onSubscribe: (node: string) => void;
}): JSX.Element {
  const { line, answer, failure } = props.said;
  return (
    <div class="xmpp-line">
      <p class="mono faint">&gt; {line}</p>
      {failure === null ? null : (
        <p class="bad" role="alert">
          {failure.message} {failure.remedy}
        </p>
      )}
      {answer === null ? null : <Answer answer={answer} onSubscribe={props.onSubscribe} />}
    </div>
  );
}

function Answer(props: {
  readonly answer: CommandAnswer;
  readonly onSubscribe: (node: string) => void;
}): JSX.Element {
  const { command, nodes, text, answer } = props.answer;
  if (nodes !== null && command === "nodes")
    return <NodeList nodes={nodes} onSubscribe={props.onSubscribe} />;
  if (text !== "") return <pre class="mono">{text}</pre>;
  return answer === null ? <></> : <XmlView text={answer} />;
}

function NodeList(props: {
  readonly nodes: readonly XmppNode[];
  readonly onSubscribe: (node: string) => void;
}): JSX.Element {
  const { xmpp } = words.value;
  return (
    <>
      <p class="faint">{xmpp.nodeCount(props.nodes.length)}</p>
      <ul class="xmpp-nodes" data-testid="xmpp-node-list">
        {props.nodes.map(({ service, node }) => (
          <li key={`${service} ${node}`}>
            <span class="mono">{node ?? service}</span>
            {node === null ? null : (
              <button
                type="button"
                class="button small"
                aria-label={xmpp.subscribeTo(node)}
                onClick={() => props.onSubscribe(node)}
              >
                {xmpp.subscribe}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function CommandLine(props: {
  readonly isOver: boolean;
  readonly onRun: (line: string) => void;
}): JSX.Element {
  const { xmpp } = words.value;
  const text = useSignal("");
  /** How far back among the lines; 0 = the one being typed. */
  const back = useSignal(0);
  const recall = (step: number): void => {
    const lines = transcript.peek().map(({ line }) => line);
    const next = Math.min(Math.max(0, back.peek() + step), lines.length);
    back.value = next;
    text.value = next === 0 ? "" : (lines.at(-next) ?? "");
  };
  return (
    <form
      class="xmpp-command"
      onSubmit={(event) => {
        event.preventDefault();
        const line = text.peek().trim();
        text.value = "";
        back.value = 0;
        if (line !== "") props.onRun(line);
      }}
    >
      <input
        type="text"
        class="mono"
        spellcheck={false}
        autocomplete="off"
        aria-label={xmpp.command}
        placeholder={xmpp.commandHint}
        disabled={props.isOver}
        data-testid="xmpp-command"
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          recall(event.key === "ArrowUp" ? 1 : -1);
        }}
      />
      <button type="submit" class="button" disabled={props.isOver}>
        {xmpp.run}
      </button>
    </form>
  );
}
