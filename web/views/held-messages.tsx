/** Messages that wait at a breakpoint: read, edit, let go, or drop. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { HeldMessage } from "../../src/domain/fault-rule.ts";
import { words } from "../i18n/words.ts";
import { openExchange } from "../state/evidence.ts";
import { faults, letGo, ruleById } from "../state/faults.ts";
import { Icon } from "./icons.tsx";
import { TimeSince } from "./running-clock.tsx";

export function HeldMessages(): JSX.Element | null {
  const { held } = faults.value;
  const { faults: dictionary } = words.value;
  if (held.length === 0) return null;
  return (
    <section class="panel held" aria-label={dictionary.held}>
      <div class="panel-head">
        <h2>{dictionary.held}</h2>
        <span class="faint">{dictionary.heldHint}</span>
      </div>
      {held.map((message) => (
        <Held key={message.id} message={message} />
      ))}
    </section>
  );
}

function Held({ message }: { readonly message: HeldMessage }): JSX.Element {
  const { faults: dictionary } = words.value;
  const { id, exchange, leg, since, rule } = message;
  // As they came when first seen: what is being typed survives whatever the feed says meanwhile.
  const came = useSignal({ head: message.head, body: message.body });
  const head = useSignal(message.head);
  const body = useSignal(message.body);
  const isEdited = head.value !== came.value.head || body.value !== came.value.body;
  const release = (): void =>
    letGo(id, {
      action: "release",
      ...(head.value === came.value.head ? {} : { head: head.value }),
      ...(body.value === came.value.body ? {} : { body: body.value }),
    });
  return (
    <article class="card held-message" data-testid={`held-${id}`}>
      <p>
        <strong>{dictionary.heldLeg[leg]}</strong>{" "}
        <button type="button" class="link" onClick={() => openExchange(exchange)}>
          #{exchange.slice(exchange.lastIndexOf("-") + 1)}
        </button>{" "}
        <TimeSince at={since} say={dictionary.waits} />
        <span class="faint"> · {ruleById(rule)?.sentence ?? dictionary.unknownRule(rule)}</span>
      </p>
      <div class="held-texts">
        <HeldText label={dictionary.head} text={head} test="held-head" />
        <HeldText label={dictionary.body} text={body} test="held-body" />
      </div>
      <div class="buttons">
        <button
          type="button"
          class="button primary"
          data-testid={`release-${id}`}
          onClick={release}
        >
          <Icon name="play" />
          {isEdited ? dictionary.releaseEdited : dictionary.release}
        </button>
        <button
          type="button"
          class="button danger"
          data-testid={`drop-${id}`}
          onClick={() => letGo(id, { action: "drop" })}
        >
          <Icon name="close" />
          {dictionary.drop}
        </button>
      </div>
    </article>
  );
}

function HeldText(props: {
  readonly label: string;
  readonly text: { value: string };
  readonly test: string;
}): JSX.Element {
  const { text } = props;
  return (
    <label class="form-field long">
      <span>{props.label}</span>
      <textarea
        rows={8}
        spellcheck={false}
        data-testid={props.test}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}
