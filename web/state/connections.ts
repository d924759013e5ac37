/** The connections of the capture, fetched a page at a time and then only what changed. */
import { signal } from "@preact/signals";
import type { ConnectionRecord } from "../../src/domain/connection.ts";
import type { ConnectionList } from "../../src/server/messages.ts";
import { ApiFailure, getJson } from "../feed/api.ts";
import { status } from "./live.ts";

const pageSize = 1000;

/** Newest first. */
export const connections = signal<readonly ConnectionRecord[]>([]);
export const connectionsFailure = signal<ApiFailure | null>(null);

const known = new Map<number, ConnectionRecord>();
let capture: string | null = null;
let since = 0;
let busy = false;

/** Brings the list up to date; does nothing while it is being brought up to date. */
export async function refreshConnections(): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    const now = status.peek()?.captureId ?? null;
    if (now !== capture) {
      known.clear();
      since = 0;
      capture = now;
    }
    await readOn();
    connectionsFailure.value = null;
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    connectionsFailure.value = thrown;
  } finally {
    busy = false;
  }
}

async function readOn(): Promise<void> {
  for (;;) {
    const page = await getJson<ConnectionList>("connections", { since, limit: pageSize });
    for (const record of page.connections) known.set(record.id, record);
    const moved = page.next > since;
    since = Math.max(since, page.next);
    if (page.connections.length > 0) {
      connections.value = [...known.values()].sort((left, right) => right.id - left.id);
    }
    if (!page.more || !moved) return;
  }
}
