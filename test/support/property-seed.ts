/**
 * Seeds of the property tests. Each tree of files gets its own: what passed passes again on the same files, and every commit tries other
 * inputs. `PROPERTY_SEED=random` (or a number) tries others on the same files, `PROPERTY_RUNS=2000` more of them where a test names no count.
 */
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";

const seeds = 2 ** 31;

/** Said once, and the same however often the runner reads its settings. */
export function propertySeed(): number {
  const asked = process.env["PROPERTY_SEED"];
  const seed = seedFor(asked);
  if (String(seed) === asked) return seed;
  process.env["PROPERTY_SEED"] = String(seed);
  process.stdout.write(`Property tests: seed ${seed}\n`);
  return seed;
}

function seedFor(asked: string | undefined): number {
  if (asked === "random") return randomInt(seeds);
  if (asked !== undefined) return Number(asked);
  return seedOfTree() ?? randomInt(seeds);
}

/** null where there is no git, as in an unpacked archive. */
function seedOfTree(): number | null {
  try {
    const hash = execFileSync("git", ["rev-parse", "HEAD^{tree}"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number.parseInt(hash.slice(0, 8), 16) % seeds;
  } catch {
    return null;
  }
}
