/** One side's body, fetched when first shown, with what is to be said about it: cut, not kept, decoded. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { BodyDetail, ExchangeDetail } from "../../src/domain/exchange.ts";
import { words } from "../i18n/words.ts";
import { formatNumber } from "../model/format.ts";
import { isPending } from "../model/pending-age.ts";
import { type BodySide, type Loaded, loadBody } from "../state/detail.ts";
import { language } from "../state/preferences.ts";

interface BodySectionProps {
  readonly shown: ExchangeDetail;
  readonly side: BodySide;
  /** Called only with a body that has bytes. */
  readonly view: (bytes: Uint8Array, body: BodyDetail) => JSX.Element;
  /** Shown before the body, for tabs that show more than it. */
  readonly before?: JSX.Element | null;
}

export function BodySection({ shown, side, view, before }: BodySectionProps): JSX.Element {
  const { inspector } = words.value;
  const message = shown[side];
  const body = message?.body ?? null;
  const title = side === "request" ? inspector.request : inspector.response;
  return (
    <section class="section" data-testid={`${side}-section`}>
      <h3>
        {title}
        {body === null ? null : <BodyLength body={body} />}
      </h3>
      {before ?? null}
      {message === null ? <p class="hint">{missing(shown, side)}</p> : null}
      {message !== null ? <BodyContent shown={shown} side={side} view={view} /> : null}
    </section>
  );
}

function missing(shown: ExchangeDetail, side: BodySide): string {
  const { inspector } = words.value;
  if (side === "request") return inspector.noRequest;
  return isPending(shown) ? inspector.noResponseYet : inspector.noResponse;
}

function BodyLength({ body }: { readonly body: BodyDetail }): JSX.Element {
  const bytes = (count: number): string => `${formatNumber(count, language.value)} B`;
  const text =
    body.keptLength === body.wireLength
      ? words.value.body.whole(bytes(body.wireLength))
      : words.value.body.length(bytes(body.keptLength), bytes(body.wireLength));
  return <span class="faint"> {text}</span>;
}

function BodyContent({ shown, side, view }: BodySectionProps): JSX.Element {
  const body = shown[side]?.body ?? null;
  const dictionary = words.value.body;
  if (body === null || body.wireLength === 0) return <p class="hint">{dictionary.none}</p>;
  return (
    <>
      <BodyNotes shown={shown} body={body} />
      {body.keptLength === 0 ? null : (
        <LoadedBody key={`${body.keptLength} ${body.hash}`} {...{ shown, side, view, body }} />
      )}
    </>
  );
}

function BodyNotes(props: {
  readonly shown: ExchangeDetail;
  readonly body: BodyDetail;
}): JSX.Element | null {
  const { body, shown } = props;
  const dictionary = words.value.body;
  const notes: string[] = [];
  if (body.keptLength === 0) {
    const unreadable = shown.notes.includes("body-unreadable");
    notes.push(unreadable ? dictionary.unreadable : dictionary.notKept);
  }
  if (body.decoded && body.encoding !== null) notes.push(dictionary.decoded(body.encoding));
  if (shown.notes.includes("bomb") && body.decoded) notes.push(dictionary.bomb);
  if (body.cut && body.keptLength > 0) {
    notes.push(dictionary.cut(`${formatNumber(body.keptLength, language.value)} B`));
  }
  if (body.hash !== null && body.keptLength === 0) notes.push(`${dictionary.hash}: ${body.hash}`);
  if (notes.length === 0) return null;
  return (
    <ul class="notes" data-testid="body-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function LoadedBody(props: BodySectionProps & { readonly body: BodyDetail }): JSX.Element {
  const { shown, side, view, body } = props;
  const loaded = useSignal<Loaded<Uint8Array>>({ kind: "loading" });
  useEffect(() => {
    let current = true;
    void loadBody(shown, side).then((result) => {
      if (current) loaded.value = result;
    });
    return () => {
      current = false;
    };
    // The key above changes with the body; the detail object alone changes with every refresh.
  }, [shown.id, side, body.hash, body.keptLength, loaded]);
  const now = loaded.value;
  if (now.kind === "loading") return <p class="hint">{words.value.body.loading}</p>;
  if (now.kind === "failed") return <p class="hint">{now.failure.message}</p>;
  return view(now.value, body);
}
