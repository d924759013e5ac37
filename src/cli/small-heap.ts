/** Memory of commands that read a whole capture. */
import { setFlagsFromString } from "node:v8";

/**
 * V8 lets garbage grow to a multiple of what is in use before it looks for it, the more the more memory the machine has: of the 330 MB that the
 * import of 1 GB took, 40 MB were in use. With this flag, which it reads at each collection, it lets it grow by a third. It goes for the whole
 * process, so it is not for one that relays.
 */
export const keepHeapSmall = (): void => setFlagsFromString("--optimize-for-size");
