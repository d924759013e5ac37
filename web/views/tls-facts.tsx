/** What a connection's TLS legs agreed on, and whom the server's certificate names. */
import type { JSX } from "preact";
import type { ConnectionRecord, ServerCertificate, TlsLeg } from "../../src/domain/connection.ts";
import { words } from "../i18n/words.ts";
import { formatDate } from "../model/format.ts";
import { CopyButton } from "./button.tsx";
import { Fact, Facts, Section } from "./facts.tsx";

export function TlsFacts({ record }: { readonly record: ConnectionRecord }): JSX.Element {
  const { tls } = words.value;
  const { certificate } = record;
  const none = record.mode === "tunnel" ? tls.undecrypted : tls.none;
  return (
    <>
      <Section title={tls.clientLeg}>
        <Facts>
          <Fact name={tls.sni} mono>
            {record.sni ?? tls.sniNone}
          </Fact>
          <Fact name={tls.offered} mono>
            {record.alpnOffered.join(", ")}
          </Fact>
        </Facts>
        <Leg leg={record.clientTls} none={none} />
        <Facts>
          <Fact name={tls.shown} mono>
            {record.shownNames.join(", ")}
          </Fact>
        </Facts>
      </Section>
      <Section title={tls.serverLeg}>
        <Leg leg={record.serverTls} none={none} />
      </Section>
      {certificate === null ? null : (
        <Section title={tls.certificate}>
          <Certificate certificate={certificate} />
        </Section>
      )}
    </>
  );
}

function Leg(props: { readonly leg: TlsLeg | null; readonly none: string }): JSX.Element {
  const { tls } = words.value;
  const { leg } = props;
  if (leg === null) return <p class="hint">{props.none}</p>;
  return (
    <Facts>
      <Fact name={tls.version}>{leg.version}</Fact>
      <Fact name={tls.cipher} mono>
        {leg.cipher}
      </Fact>
      <Fact name={tls.alpn}>{leg.alpn ?? tls.alpnNone}</Fact>
      <Fact name={tls.resumed}>{leg.resumed ? tls.yes : tls.no}</Fact>
    </Facts>
  );
}

function Certificate({ certificate }: { readonly certificate: ServerCertificate }): JSX.Element {
  const { tls, wire } = words.value;
  return (
    <Facts>
      <Fact name={tls.subject} mono>
        {certificate.subject}
      </Fact>
      <Fact name={tls.issuer} mono>
        {certificate.selfSigned ? `${certificate.issuer} (${tls.selfSigned})` : certificate.issuer}
      </Fact>
      <Fact name={tls.names} mono>
        {certificate.altNames.join(", ")}
      </Fact>
      <Fact name={tls.valid}>
        {`${formatDate(certificate.validFrom)} – ${formatDate(certificate.validTo)}`}
      </Fact>
      <Fact name={tls.fingerprint} mono>
        {certificate.fingerprint256} <CopyButton text={certificate.fingerprint256} />
      </Fact>
      <Fact name={tls.pin}>
        <span class={certificate.pin === "changed" ? "bad" : ""}>{wire.pin[certificate.pin]}</span>
      </Fact>
      <Fact name={tls.problem}>
        {certificate.problem === null ? (
          tls.problemNone
        ) : (
          <span class="mono">{certificate.problem}</span>
        )}
      </Fact>
    </Facts>
  );
}
