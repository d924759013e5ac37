/** Both libraries' requests against what the real ones were captured sending. */
import { expect, test } from "vitest";
import {
  type BoshDialect,
  jabberWerx,
  strophe,
} from "../../../../src/simulator/desktop/bosh-dialect.ts";
import { sample } from "../bosh-peer.ts";

const sid = "f382a015";
/** Ids are drawn anew each time. */
const anonymous = (text: string): string => text.replace(/id=(["'])[^"']*\1/g, "id=$1$1");
const captured = (name: string): string => anonymous(sample(`bosh/${name}.captured.xml`));

const cases: readonly (readonly [BoshDialect, string, number, readonly string[]])[] = [
  [
    jabberWerx,
    "47483648",
    2_861_121_871,
    [
      "01_create_req.jabberwerx",
      "02_auth_req.jabberwerx",
      "03_restart_req.jabberwerx",
      "04_bind_req.jabberwerx",
      "05_disco_req.jabberwerx",
      "06_presence_req.jabberwerx",
      "07_poll_req.jabberwerx",
      "08_terminate_req.jabberwerx",
    ],
  ],
  [
    strophe,
    "1001003",
    1_631_916_951,
    [
      "11_create_req.strophe",
      "12_auth_req.strophe",
      "13_restart_req.strophe",
      "14_bind_req.strophe",
      "15_session_req.strophe",
      "16_presence_req.strophe",
      "17_ping_req.strophe",
      "18_poll_req.strophe",
      "19_terminate_req.strophe",
    ],
  ],
];

test.each(cases)("%o writes what the library writes", (dialect, user, rid, files) => {
  const account = { domain: "fin1.ucce.local", user, password: "Secret1!" };
  const after = dialect.afterBind(account).map(([, stanza]) => stanza);
  const contents = [
    [dialect.auth(account)],
    null,
    [dialect.bind()],
    after,
    [dialect.presence],
    ...(dialect.pingEveryMs === null ? [] : [[dialect.ping(account)]]),
    [],
  ];
  const written = [
    dialect.creation(account, rid, 30),
    ...contents.map((stanzas, index) =>
      stanzas === null
        ? dialect.restart(account, sid, rid + index + 1)
        : dialect.body(sid, rid + index + 1, stanzas),
    ),
    dialect.terminate(sid, rid + contents.length + 1),
  ];
  expect(written.map(anonymous)).toEqual(files.map(captured));
});

test("first rids lie where the libraries draw them", () => {
  for (let draw = 0; draw < 1000; draw++) {
    const rid = jabberWerx.firstRid();
    expect(rid >= 32_768 && rid < 2 ** 32 && Number.isInteger(rid)).toBe(true);
    expect(strophe.firstRid()).toBeGreaterThan(0);
  }
});
