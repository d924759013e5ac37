/** Which names of elements, keys, parameters and attributes hold personal data in Finesse traffic, and of what kind. */
import { Recent } from "../recent.ts";

/** What a pseudonym stands for; its word is the pseudonym's. */
export type PersonalKind = "agent" | "number" | "person" | "value" | "sid" | "host";

const names: Readonly<Record<PersonalKind, string>> = {
  agent:
    "loginid loginname username userid user agentid agent agentloginid agentloginname j_username cc_username reportingto",
  number:
    "extension agentextension finesse_ag_extension fromaddress toaddress mediaaddress targetmediaaddress ani dnis callbacknumber " +
    "dialednumber dialnumber mobileagentdialnumber customernumber phone phonenumber mobilenumber telephone clid callerid calledparty callingparty",
  person:
    "firstname lastname agentname displayname fullname supervisorname customername username_display callername",
  value: "callvariable customeraccount accountnumber email emailaddress",
  sid: "sid authid",
  host: "",
};

const kinds = new Map<string, PersonalKind>(
  (Object.entries(names) as [PersonalKind, string][]).flatMap(([kind, list]) =>
    list
      .split(" ")
      .filter((name) => name !== "")
      .map((name) => [name, kind] as const),
  ),
);

/** Scripts and pages have a few hundred names, thousands of times. */
const recent = new Recent<PersonalKind | null>(1000);

/** null = nothing personal stands under that name. `callVariable1` to `10` and ECC variables (`user.…`) are values. */
export function personalKind(name: string): PersonalKind | null {
  const before = recent.get(name);
  if (before !== undefined) return before;
  const kind = kindNamed(name);
  recent.put(name, kind);
  return kind;
}

function kindNamed(name: string): PersonalKind | null {
  const word = name.toLowerCase();
  const known = kinds.get(word) ?? kinds.get(word.replace(/[-_.]/g, ""));
  if (known !== undefined) return known;
  return /^callvariable\d{1,2}$|^user\.\w/.test(word) ? "value" : null;
}

/** Values that stand under such names and tell nothing of anybody. */
const protocolWords = new Set(
  (
    "true false null none undefined ready not_ready talking reserved hold work work_ready work_not_ready logout login unknown active " +
    "in_service out_of_service inbound outbound finesse desktop pubsub anonymous admin administrator agent supervisor user users voice " +
    "acd default get post put delete http https text self primary secondary success failure"
  ).split(" "),
);

/** Whether the value may be looked for everywhere: short and common ones would change what nobody meant. */
export function isTelling(kind: PersonalKind, value: string): boolean {
  const word = value.toLowerCase();
  if (protocolWords.has(word) || value.length > 200) return false;
  if (kind === "host") return value.length >= 4;
  if (/^\d+$/.test(value)) return value.length >= 4;
  return value.length >= (kind === "value" ? 5 : 3);
}

/** Whether it is a name at all: words of the protocol stay where they are. */
export const isPersonal = (value: string): boolean =>
  value.trim() !== "" && !value.includes("‹") && !protocolWords.has(value.trim().toLowerCase());
