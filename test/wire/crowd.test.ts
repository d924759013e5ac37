/** A thousand connections that come and go in the rudest way, and what is left of them: nothing. */
import { expect, test } from "vitest";
import { polled } from "../support/changes.ts";
import { clientHello } from "../support/client-hello.ts";
import { openFiles, WireBench } from "../support/wire-bench.ts";

const megabyte = 1024 * 1024;

test("1,000 connections opened and reset leave no memory, descriptor or connection", async () => {
  await using bench = await WireBench.start();
  const hello = await clientHello("fin1.demo.test");
  await bench.serves();
  const before = { files: openFiles(), rss: process.memoryUsage().rss };
  for (let round = 0; round < 20; round++) {
    const batch = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        if (index % 5 === 0) return bench.plain();
        if (index % 5 === 1) return bench.plain("CONNECT fin1");
        const client = await bench.tunnel();
        if (index % 5 > 2) await client.write(index % 5 === 3 ? hello : hello.subarray(0, 60));
        return client;
      }),
    );
    for (const client of batch) client.reset();
  }
  await polled(
    () => (bench.proxy.openConnections() === 0 ? true : undefined),
    "1,000 connections to end",
  );
  await bench.server.idle();
  bench.server.hangUp();
  const ended = bench.proxy.events.filter(({ kind }) => kind === "connection-ended");
  expect(ended.length).toBeGreaterThanOrEqual(1000);
  await bench.serves();
  await polled(
    () => (before.files === null || (openFiles() ?? 0) <= before.files + 5 ? true : undefined),
    `descriptors to be given back (had ${before.files}, have ${openFiles()})`,
  );
  expect(process.memoryUsage().rss - before.rss).toBeLessThan(100 * megabyte);
  await bench.empties();
});
