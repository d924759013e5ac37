/** Both heads as they were sent: order, case and duplicates kept. */
import type { JSX } from "preact";
import type { Header, MessageDetail } from "../../src/domain/exchange.ts";
import { words } from "../i18n/words.ts";
import { isPending } from "../model/pending-age.ts";
import { CopyButton } from "./button.tsx";
import type { TabProps } from "./inspector.tsx";

export function HeadersTab({ shown }: TabProps): JSX.Element {
  const { inspector } = words.value;
  return (
    <>
      <MessageHead
        title={inspector.request}
        message={shown.request}
        missing={inspector.noRequest}
      />
      {shown.informational.map((head) => (
        <pre key={head} class="code">
          {head}
        </pre>
      ))}
      <MessageHead
        title={inspector.response}
        message={shown.response}
        missing={isPending(shown) ? inspector.noResponseYet : inspector.noResponse}
      />
    </>
  );
}

function MessageHead(props: {
  readonly title: string;
  readonly message: MessageDetail | null;
  readonly missing: string;
}): JSX.Element {
  const { title, message } = props;
  return (
    <section class="section">
      <h3>
        {title}
        {message === null ? null : <CopyButton text={message.rawHead} />}
      </h3>
      {message === null ? (
        <p class="hint">{props.missing}</p>
      ) : (
        <>
          <p class="start-line mono">{message.startLine}</p>
          <HeaderTable headers={message.headers} />
          {message.trailers.length === 0 ? null : <HeaderTable headers={message.trailers} />}
        </>
      )}
    </section>
  );
}

function HeaderTable({ headers }: { readonly headers: readonly Header[] }): JSX.Element {
  return (
    <table class="headers">
      <tbody>
        {headers.map((header, index) => (
          // Duplicates are shown as sent, so that only the place tells them apart.
          <tr key={`${index} ${header.name}`}>
            <th scope="row">{header.name}</th>
            <td>{header.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
