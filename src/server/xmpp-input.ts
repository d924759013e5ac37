/** What the XMPP console's routes accept. */
import { z } from "zod";
import { wholeNumber } from "./input.ts";

const word = (what: string) =>
  z
    .string()
    .min(1)
    .max(1023)
    .regex(/^[^\s@/<>"'&]+$/, `must be ${what}`);

const path = z
  .string()
  .max(500)
  .regex(/^\/[!-~]*$/, "must be a path");

export const signInBody = z.strictObject({
  user: word("a login id"),
  domain: word("a domain").toLowerCase().describe("XMPP domain; in Finesse the server's name."),
  host: word("a host").toLowerCase(),
  port: z.int().min(1).max(65_535),
  transport: z.enum(["bosh", "websocket", "starttls", "tls"]),
  path: path.optional().describe("Of BOSH (/http-bind/) and WebSocket (/ws/)."),
  resource: z.string().trim().min(1).max(1023).default("boshscope").describe("Not desktop."),
  pubsub: word("a service").optional().describe("Left out = pubsub. and the domain."),
  allowPlaintext: z
    .boolean()
    .default(false)
    .describe("STARTTLS: sign in although the server offers no TLS."),
  password: z.string().min(1).max(1000),
});

export const xmppSessionParams = z.strictObject({
  id: z.string().regex(/^x\d{1,9}$/, "must be an XMPP session's id"),
});

export const xmppAgentParams = z.strictObject({ agent: z.string().min(1).max(200) });

/** Room for a stanza with a client log in it. */
const maxLine = 200_000;
export const commandBody = z.strictObject({ line: z.string().min(1).max(maxLine) });

const maxPage = 500;
const usualPage = 200;
export const stanzasQuery = z.strictObject({
  after: z
    .string()
    .max(3000)
    .optional()
    .describe("What the page before told as next; left out = the latest."),
  filter: z
    .string()
    .max(1000)
    .default("")
    .describe(
      "Words, all of which must be so: kind:iq node:/User from: to: type: id: about: dir:in -not text",
    ),
  limit: wholeNumber
    .refine((value) => value >= 1 && value <= maxPage, `must be 1 to ${maxPage}`)
    .default(usualPage)
    .meta({ type: "integer", minimum: 1, maximum: maxPage })
    .describe(`At most so many; ${usualPage} when left out.`),
});
