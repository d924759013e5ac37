/** Waiting for what nobody announces. */

const askEveryMs = 100;

/** Asks until the answer is neither false, null nor undefined, and resolves with it. Rejects after `timeoutMs` of real time. */
export async function waitFor<T>(
  question: () => Promise<T | false | null | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  do {
    const answer = await question();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  } while (performance.now() < deadline);
  throw new Error(`It was not so within ${timeoutMs} ms.`);
}
