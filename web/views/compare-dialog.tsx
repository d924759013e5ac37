/** Two exchanges side by side: facts, timing, headers, and where their XML differs. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Pair } from "../../src/domain/comparison.ts";
import { words } from "../i18n/words.ts";
import { compareHeaders, compareXml, differs } from "../model/compare-exchanges.ts";
import { exchangeFacts, exchangeTiming } from "../model/compare-facts.ts";
import {
  type ComparedExchange,
  type Comparing,
  comparing,
  loadCompared,
} from "../state/compare.ts";
import type { Loaded } from "../state/detail.ts";
import { language } from "../state/preferences.ts";
import { CompareCaptures } from "./compare-captures.tsx";
import { DialogHead, Modal } from "./modal.tsx";
import { PairTable } from "./pair-table.tsx";

export function CompareDialog(): JSX.Element | null {
  const asked = comparing.value;
  if (asked === null) return null;
  const { compare } = words.value;
  const title = asked.kind === "captures" ? compare.captures : compare.title;
  const close = (): void => {
    comparing.value = null;
  };
  return (
    <Modal label={title} onClose={close} wide>
      <DialogHead title={title} onClose={close} />
      {asked.kind === "captures" ? (
        <CompareCaptures left={asked.left} right={asked.right} />
      ) : (
        <CompareExchanges asked={asked} />
      )}
    </Modal>
  );
}

type Side = Loaded<ComparedExchange>;

function CompareExchanges(props: {
  readonly asked: Extract<Comparing, { kind: "exchanges" }>;
}): JSX.Element {
  const { asked } = props;
  const { compare } = words.value;
  const left = useCompared(asked.left);
  const right = useCompared(asked.right);
  return (
    <div data-testid="compare">
      <div class="compare-sides">
        <SideId label={compare.left} id={asked.left} side={left} name="left" />
        <SideId label={compare.right} id={asked.right} side={right} name="right" />
      </div>
      {left.kind === "ready" && right.kind === "ready" ? (
        <Differences left={left.value} right={right.value} />
      ) : null}
    </div>
  );
}

function useCompared(id: string): Side {
  const loaded = useSignal<Side>({ kind: "loading" });
  useEffect(() => {
    let isWanted = true;
    void loadCompared(id).then((value) => {
      if (isWanted) loaded.value = value;
    });
    return () => {
      isWanted = false;
    };
  }, [id, loaded]);
  return loaded.value;
}

/** The id can be replaced by that of any exchange, so also of an earlier capture. */
function SideId(props: {
  readonly label: string;
  readonly id: string;
  readonly side: Side;
  readonly name: "left" | "right";
}): JSX.Element {
  const { side, name } = props;
  return (
    <label class="form-field">
      <span>{props.label}</span>
      <input
        type="text"
        class="mono"
        title={words.value.compare.id}
        defaultValue={props.id}
        data-testid={`compare-${name}`}
        onChange={(event) => {
          const asked = comparing.peek();
          const id = event.currentTarget.value.trim();
          if (asked !== null && id !== "") comparing.value = { ...asked, [name]: id };
        }}
      />
      {side.kind === "failed" ? <span class="field-note">{side.failure.message}</span> : null}
    </label>
  );
}

function Differences(props: {
  readonly left: ComparedExchange;
  readonly right: ComparedExchange;
}): JSX.Element {
  const { left, right } = props;
  const only = useSignal(true);
  const dictionary = words.value;
  const { compare } = dictionary;
  const tongue = language.value;
  const headers = (side: "request" | "response"): readonly Pair[] =>
    compareHeaders(left.shown[side]?.headers ?? [], right.shown[side]?.headers ?? []);
  const parts: readonly (readonly [string, readonly Pair[]])[] = [
    [compare.facts, exchangeFacts(left.shown, right.shown, dictionary, tongue)],
    [compare.timing, exchangeTiming(left.shown, right.shown, dictionary, tongue)],
    [compare.requestHeaders, headers("request")],
    [compare.responseHeaders, headers("response")],
    [compare.requestXml, compareXml(left.requestXml, right.requestXml)],
    [compare.responseXml, compareXml(left.responseXml, right.responseXml)],
  ];
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={only.value}
          onChange={(event) => {
            only.value = event.currentTarget.checked;
          }}
        />
        {compare.onlyDifferences}
      </label>
      {parts.map(([title, pairs]) => (
        <PairTable key={title} title={title} pairs={only.value ? pairs.filter(differs) : pairs} />
      ))}
    </>
  );
}
