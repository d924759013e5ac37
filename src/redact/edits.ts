/** Changes to a text at known places, collected while reading it and made in one go. */

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `edits` in any order; of two that overlap the one that starts first counts, and takes the other's place too. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return source;
  const inOrder = edits.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let done = 0;
  for (const edit of inOrder) {
    if (edit.start < done) {
      done = Math.max(done, edit.end);
      continue;
    }
    parts.push(source.slice(done, edit.start), edit.text);
    done = edit.end;
  }
  parts.push(source.slice(done));
  return parts.join("");
}
