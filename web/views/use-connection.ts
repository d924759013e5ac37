/** The connection record of an exchange, fetched again when the exchange changed. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ConnectionRecord } from "../../src/domain/connection.ts";
import { type Loaded, loadConnection } from "../state/detail.ts";

/** `revision`: any value that changes when the record may have changed. */
export function useConnection(id: number, revision: number): Loaded<ConnectionRecord> {
  const loaded = useSignal<Loaded<ConnectionRecord>>({ kind: "loading" });
  useEffect(() => {
    let current = true;
    void loadConnection(id).then((result) => {
      if (current) loaded.value = result;
    });
    return () => {
      current = false;
    };
  }, [id, revision, loaded]);
  return loaded.value;
}
