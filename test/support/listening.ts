/** For servers that are children of a test and take no port 0: a port that is free now, and the moment they listen on it. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Kills the child and throws with its output when it does not listen in time. */
export async function whenListening(
  child: ChildProcess,
  port: number,
  options: { readonly withinMs: number; readonly output: () => string },
): Promise<void> {
  const deadline = performance.now() + options.withinMs;
  while (performance.now() < deadline && child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const [event] = await Promise.race([
      once(socket, "connect").then(() => ["connect"]),
      once(socket, "error").then(() => ["error"]),
    ]).catch(() => ["error"]);
    socket.destroy();
    if (event === "connect") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGKILL");
  throw new Error(`${child.spawnfile} did not listen on ${port}: ${options.output()}`);
}
