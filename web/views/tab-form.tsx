/** Query string and form bodies, decoded into names and values. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { decodeBody, readingsOf } from "../model/body-text.ts";
import { type FormField, parseForm, queryOf } from "../model/form.ts";
import { BodySection } from "./body-section.tsx";
import { Section } from "./facts.tsx";
import type { TabProps } from "./inspector.tsx";

export function FormTab({ shown }: TabProps): JSX.Element {
  const { body } = words.value;
  const query = parseForm(queryOf(shown.url));
  const isForm = readingsOf(shown.request?.body?.contentType ?? null).includes("form");
  return (
    <>
      {query.length === 0 && !isForm ? <p class="hint">{body.notForm}</p> : null}
      {query.length === 0 ? null : (
        <Section title={body.query}>
          <FieldTable fields={query} />
        </Section>
      )}
      {isForm ? (
        <BodySection
          shown={shown}
          side="request"
          view={(bytes, detail) => (
            <FieldTable fields={parseForm(decodeBody(bytes, detail.contentType))} />
          )}
        />
      ) : null}
    </>
  );
}

function FieldTable({ fields }: { readonly fields: readonly FormField[] }): JSX.Element {
  const { body } = words.value;
  return (
    <table class="headers">
      <thead>
        <tr>
          <th scope="col">{body.name}</th>
          <th scope="col">{body.value}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field, index) => (
          <tr key={`${index} ${field.name}`}>
            <th scope="row">{field.name}</th>
            <td>{field.inner.length === 0 ? field.value : <FieldTable fields={field.inner} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
