/**
 * An XML tree as nested details, text nodes only. Children come into being when their parent is first opened, so that a
 * large document costs what is looked at. XML escaped inside a text is unfolded in its place.
 */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { formatNumber } from "../model/format.ts";
import {
  isBlank,
  readXml,
  unfold,
  type XmlElement,
  type XmlNode,
  type XmlTree,
} from "../model/xml-tree.ts";
import { language } from "../state/preferences.ts";
import { CopyButton } from "./button.tsx";
import { TextView } from "./text-view.tsx";

/** Documents with more nodes open their first level only. */
const openWhole = 2000;
const siblingsAtOnce = 300;
const shortText = 120;

type Opening = "auto" | "all" | "none";

interface Drawing {
  /** Levels below this depth start closed. */
  readonly openDepth: number;
  readonly nested: number;
}

export function XmlView({ text }: { readonly text: string }): JSX.Element {
  const { body, wire } = words.value;
  const opening = useSignal<Opening>("auto");
  const tree = useMemo(() => readXml(text), [text]);
  const { problem } = tree;
  const nothing = tree.roots.length === 0;
  return (
    <>
      <div class="xml-tools">
        <button type="button" class="button small" onClick={() => (opening.value = "all")}>
          {body.expandAll}
        </button>
        <button type="button" class="button small" onClick={() => (opening.value = "none")}>
          {body.collapseAll}
        </button>
        <CopyButton text={text} />
      </div>
      {problem === null ? null : (
        <p class="problem" data-testid="xml-problem">
          {body.problemAt(wire.xmlFault[problem.fault], problem.line, problem.column)}
        </p>
      )}
      {nothing ? null : (
        <div class="xml" key={opening.value}>
          <Nodes
            nodes={tree.roots}
            depth={0}
            drawing={{ openDepth: openDepth(opening.value, tree), nested: 0 }}
          />
        </div>
      )}
      {problem === null ? null : (
        <>
          <h4>{body.rawText}</h4>
          <TextView text={text} />
        </>
      )}
    </>
  );
}

function openDepth(opening: Opening, tree: XmlTree): number {
  if (opening === "none") return 0;
  if (opening === "all") return Number.POSITIVE_INFINITY;
  return tree.nodes > openWhole ? 1 : Number.POSITIVE_INFINITY;
}

function Nodes(props: {
  readonly nodes: readonly XmlNode[];
  readonly depth: number;
  readonly drawing: Drawing;
}): JSX.Element {
  const shown = useSignal(siblingsAtOnce);
  const { nodes, depth, drawing } = props;
  const rest = nodes.length - shown.value;
  return (
    <>
      {nodes.slice(0, shown.value).map((node, index) => (
        <NodeView key={index} node={node} depth={depth} drawing={drawing} />
      ))}
      {rest > 0 ? (
        <button
          type="button"
          class="button small"
          onClick={() => {
            shown.value += siblingsAtOnce * 4;
          }}
        >
          {words.value.body.more(formatNumber(rest, language.value))}
        </button>
      ) : null}
    </>
  );
}

interface NodeProps {
  readonly depth: number;
  readonly drawing: Drawing;
}

function NodeView(props: NodeProps & { readonly node: XmlNode }): JSX.Element | null {
  const { node, depth, drawing } = props;
  if (isBlank(node)) return null;
  if (node.kind === "element") {
    return <ElementView element={node} depth={depth} drawing={drawing} />;
  }
  return <div class={`xml-leaf xml-${node.kind}`}>{node.text}</div>;
}

function ElementView(props: NodeProps & { readonly element: XmlElement }): JSX.Element {
  const { element, depth, drawing } = props;
  const opened = useSignal(depth < drawing.openDepth);
  const inner = useMemo(() => unfold(element, drawing.nested), [element, drawing.nested]);
  const line = inner === null ? lineText(element) : null;
  if (line !== null) {
    return (
      <div class="xml-leaf">
        <StartTag element={element} />
        <span class="xml-text">{line}</span>
        <EndTag element={element} />
      </div>
    );
  }
  return (
    <details
      open={opened.value}
      onToggle={(event) => {
        opened.value = event.currentTarget.open;
      }}
    >
      <summary>
        <StartTag element={element} />
        {inner === null ? null : <span class="xml-note">{words.value.body.unfolded}</span>}
      </summary>
      {opened.value ? (
        <div class={inner === null ? "xml-children" : "xml-children unfolded"}>
          <Nodes
            nodes={inner?.roots ?? element.children}
            depth={depth + 1}
            drawing={inner === null ? drawing : { ...drawing, nested: drawing.nested + 1 }}
          />
          {inner === null ? null : <InnerProblem tree={inner} />}
        </div>
      ) : null}
    </details>
  );
}

function InnerProblem({ tree }: { readonly tree: XmlTree }): JSX.Element | null {
  const { body, wire } = words.value;
  if (tree.problem === null) return null;
  const { fault, line, column } = tree.problem;
  return <p class="problem">{body.problemAt(wire.xmlFault[fault], line, column)}</p>;
}

function StartTag({ element }: { readonly element: XmlElement }): JSX.Element {
  return (
    <>
      <span class="xml-tag">{`<${element.name}`}</span>
      {element.attributes.map((attribute) => (
        <span key={attribute.name}>
          {" "}
          <span class="xml-name">{attribute.name}</span>
          <span class="xml-tag">=</span>
          <span class="xml-value">{`"${attribute.value}"`}</span>
        </span>
      ))}
      <span class="xml-tag">{element.end === "self" ? "/>" : ">"}</span>
    </>
  );
}

/** An element that was cut off says so instead of looking whole. */
function EndTag({ element }: { readonly element: XmlElement }): JSX.Element | null {
  if (element.end === "self") return null;
  if (element.end === "missing") return <span class="xml-cut">…</span>;
  return <span class="xml-tag">{`</${element.name}>`}</span>;
}

/** The text of an element that fits on its line; null when it needs a level of its own. */
function lineText(element: XmlElement): string | null {
  if (element.children.length === 0) return "";
  const [only] = element.children;
  if (element.children.length > 1 || only === undefined || only.kind !== "text") return null;
  return only.text.length <= shortText && !only.text.includes("\n") ? only.text : null;
}
