/** placeholder */
import type { Session } from "./measure.ts";
export interface PageFigures {
  readonly feedDelayP99: number;
  readonly paintMs: number;
  readonly scriptP95: number;
  readonly frameP95: number;
  readonly plainFrameP95: number;
  readonly table: string;
}
export async function runPage(_s: Session): Promise<PageFigures> {
  throw new Error("soon");
}
