/** Both bodies as hex dumps, a page of 4 KiB at a time. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { formatNumber } from "../model/format.ts";
import { hexPage, hexPages } from "../model/hex.ts";
import { language } from "../state/preferences.ts";
import { BodySection } from "./body-section.tsx";
import { IconButton } from "./button.tsx";
import type { TabProps } from "./inspector.tsx";

export function HexTab({ shown }: TabProps): JSX.Element {
  return (
    <>
      <BodySection shown={shown} side="request" view={(bytes) => <HexView bytes={bytes} />} />
      <BodySection shown={shown} side="response" view={(bytes) => <HexView bytes={bytes} />} />
    </>
  );
}

export function HexView({ bytes }: { readonly bytes: Uint8Array }): JSX.Element {
  const page = useSignal(0);
  const pages = hexPages(bytes.length);
  const lines = hexPage(bytes, page.value);
  return (
    <>
      {pages > 1 ? (
        <Pager
          page={page.value}
          pages={pages}
          onPage={(next) => {
            page.value = next;
          }}
        />
      ) : null}
      <pre class="code hex">
        {lines.map((line) => `${line.offset}  ${line.hex.padEnd(48)}  ${line.text}`).join("\n")}
      </pre>
    </>
  );
}

/** Previous and next over numbered pages, counted from 0. */
export function Pager(props: {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}): JSX.Element {
  const { body } = words.value;
  const { page, pages } = props;
  const count = (value: number): string => formatNumber(value, language.value);
  return (
    <div class="pager">
      <IconButton
        icon="up"
        label={body.previous}
        disabled={page === 0}
        onClick={() => props.onPage(page - 1)}
      />
      <IconButton
        icon="down"
        label={body.next}
        disabled={page >= pages - 1}
        onClick={() => props.onPage(page + 1)}
      />
      <span>{body.page(count(page + 1), count(pages))}</span>
    </div>
  );
}
