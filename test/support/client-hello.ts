/** A real ClientHello as bytes, and what a client says when it does not like what came back. */
import { Duplex } from "node:stream";
import { connect, type SecureVersion } from "node:tls";

/** The first flight of Node's own TLS client, caught before it reaches any network. */
export async function clientHello(
  servername: string,
  maxVersion: SecureVersion = "TLSv1.3",
): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const transport = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      resolve(chunk);
      done();
    },
  });
  const stream = connect({ socket: transport, servername, maxVersion });
  stream.on("error", () => undefined);
  const hello = await promise;
  stream.destroy();
  transport.destroy();
  return hello;
}

/** A fatal alert record (RFC 5246 7.2): 42 bad certificate, 46 certificate unknown, 48 unknown CA. */
export const fatalAlert = (description: number): Buffer =>
  Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, description]);
