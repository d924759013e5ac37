/** Notifications against the samples, byte for byte. */
import { expect, test } from "vitest";
import { payloadAnswer } from "../../../../src/simulator/node/bosh-answers.ts";
import { ContactCenter } from "../../../../src/simulator/node/contact-center.ts";
import {
  type MessageIds,
  pubsubMessage,
  randomIds,
  type Update,
} from "../../../../src/simulator/node/pubsub-message.ts";
import { systemInfoUpdate } from "../../../../src/simulator/node/system-info.ts";
import { sample } from "../bosh-peer.ts";

const user = "47483648";

function recordingCenter(): { center: ContactCenter; updates: Update[] } {
  const wall = Date.parse("2019-01-11T23:56:54.783Z");
  const agent = { id: user, password: "x", extension: "10005" };
  const center = new ContactCenter([agent], () => wall);
  const updates: Update[] = [];
  center.onUpdate((update) => updates.push(update));
  return { center, updates };
}

const bodyOf = (update: Update | undefined, ids: MessageIds): string => {
  if (update === undefined) throw new Error("no update");
  return payloadAnswer([pubsubMessage(update, { domain: "fin1.ucce.local", user }, ids)], null);
};

test("a state change is sample 40: 1,571 bytes", () => {
  const { center, updates } = recordingCenter();
  center.changeState(user, { state: "LOGIN", extension: "10005", requestId: "" });
  const requestId = "07f14a42-6b3c-4855-a4c9-af50ab5e7cc6";
  center.changeState(user, { state: "READY", requestId });
  const own = updates.filter(({ node }) => node === `/finesse/api/User/${user}`).at(-1);
  const body = bodyOf(own, { item: "26a3e421-0000-4752-8a1d-5adbdac74a7717", message: "K7hYF" });
  expect(body).toBe(sample("bosh/40_notification_user_put.1571.reconstructed.xml"));
  expect(Buffer.byteLength(body)).toBe(1571);
});

test("a call that rings and a call that ends are samples 42 and 43", () => {
  const { center, updates } = recordingCenter();
  center.changeState(user, { state: "LOGIN", extension: "10005", requestId: "" });
  center.changeState(user, { state: "READY", requestId: "" });
  const id = center.offerCall(user, "5551002") ?? "";
  center.hangUp(id);
  const [rings, ends] = updates.filter(({ node }) => node.endsWith("/Dialogs"));
  expect(bodyOf(rings, { item: "3f6d0c11-5e0f-4c0a-9b1e-0d2a5b7c9e1142", message: "a1B2c" })).toBe(
    sample("bosh/42_notification_dialog_post.composed.xml"),
  );
  expect(bodyOf(ends, { item: "3f6d0c11-5e0f-4c0a-9b1e-0d2a5b7c9e1143", message: "d3E4f" })).toBe(
    sample("bosh/43_notification_dialog_delete.composed.xml"),
  );
});

test("out of service is sample 44", () => {
  const ids = { item: "b0f6a7c2-7f7a-4f0b-8d53-2b9a1f2e3d4455", message: "g5H6i" };
  expect(bodyOf(systemInfoUpdate(false), ids)).toBe(
    sample("bosh/44_notification_systeminfo_oos.composed.xml"),
  );
});

test("ids have the lengths of Openfire's", () => {
  const { item, message } = randomIds();
  expect(item).toMatch(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\d{2}$/);
  expect(message).toMatch(/^[A-Za-z0-9]{5}$/);
});
