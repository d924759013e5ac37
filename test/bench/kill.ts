/** placeholder */
import type { Session } from "./measure.ts";
export async function runKills(_s: Session): Promise<string> {
  throw new Error("soon");
}
