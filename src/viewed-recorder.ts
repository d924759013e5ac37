/** Stands in for the recorder where a file is looked at: tells what is in it, and refuses whatever would change it. */
import { fail } from "./base/errors.ts";
import type { Finding } from "./domain/finding.ts";
import type { Recorder, RecorderStatus, Timeline } from "./domain/recording.ts";

export interface ViewedCapture {
  readonly captureId: string;
  readonly name: string;
  /** As the person named it. */
  readonly file: string;
  readonly exchanges: number;
  readonly pending: number;
  readonly bytes: number;
  readonly secretsKept: boolean;
  readonly openedAt: string;
  /** Wall ms of its end. */
  readonly endWall: number;
  readonly timeline: Timeline;
  readonly findings: readonly Finding[];
}

const refused = (): Promise<never> => Promise.reject(fail("read-only"));
const nothingEver = (): (() => void) => () => undefined;

export function viewedRecorder(viewed: ViewedCapture): Recorder {
  const status = statusOf(viewed);
  return {
    status: () => status,
    timeline: () => viewed.timeline,
    findings: () => viewed.findings,
    // Nothing changes: there is nothing to tell.
    onCommitted: nothingEver,
    onStatus: nothingEver,
    onTimeline: nothingEver,
    onFindings: nothingEver,
    pause: refused,
    resume: refused,
    startCapture: refused,
    renameCapture: refused,
    clear: refused,
    undoClear: refused,
    setComment: refused,
    setMark: refused,
    deleteExchanges: refused,
    observe: refused,
    conceal: refused,
    reveal: refused,
  };
}

function statusOf({
  captureId,
  name,
  exchanges,
  pending,
  bytes,
  ...viewed
}: ViewedCapture): RecorderStatus {
  const alert = (code: "file-viewed" | "secrets-kept") => ({
    code,
    since: viewed.openedAt,
    count: 0,
    detail: viewed.file,
  });
  return {
    captureId,
    captureName: name,
    recording: false,
    pending,
    exchanges,
    openConnections: 0,
    bytes,
    notKept: 0,
    connectionErrors: {},
    alerts: [alert("file-viewed"), ...(viewed.secretsKept ? [alert("secrets-kept")] : [])],
    setup: { proxySeen: null, endpoints: [], httpBindSeen: null },
  };
}
