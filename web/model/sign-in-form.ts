/** The sign-in form of the XMPP screen: what is typed, what goes with a transport, and what is sent. Pure. */
import type { XmppTransport } from "../../src/domain/xmpp-console.ts";

export interface SignInForm {
  readonly agent: string;
  readonly server: string;
  readonly domain: string;
  readonly transport: XmppTransport;
  readonly port: string;
  readonly path: string;
  readonly resource: string;
}

export const transports: readonly XmppTransport[] = ["bosh", "websocket", "starttls", "tls"];

const usual: Readonly<Record<XmppTransport, { readonly port: string; readonly path: string }>> = {
  bosh: { port: "7443", path: "/http-bind/" },
  websocket: { port: "7443", path: "/ws/" },
  starttls: { port: "5222", path: "" },
  tls: { port: "5223", path: "" },
};

export const emptyForm: SignInForm = {
  agent: "",
  server: "",
  domain: "",
  transport: "bosh",
  ...usual.bosh,
  resource: "boshscope",
};

/** Port and path become the transport's usual ones. */
export const withTransport = (form: SignInForm, transport: XmppTransport): SignInForm => ({
  ...form,
  transport,
  ...usual[transport],
});

/** TCP has no path. */
export const hasPath = ({ transport }: SignInForm): boolean => usual[transport].path !== "";

/** The body of POST /api/xmpp/sessions. */
export function signInBody(form: SignInForm, password: string): Record<string, string | number> {
  const server = form.server.trim();
  const domain = form.domain.trim();
  return {
    user: form.agent.trim(),
    host: server,
    domain: domain === "" ? server : domain,
    transport: form.transport,
    port: Number(form.port),
    resource: form.resource.trim(),
    ...(hasPath(form) ? { path: form.path.trim() } : {}),
    password,
  };
}
