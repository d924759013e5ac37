/** Names with a value on either side; what differs is marked. */
import type { JSX } from "preact";
import type { Pair } from "../../src/domain/comparison.ts";
import { words } from "../i18n/words.ts";
import { differs } from "../model/compare-exchanges.ts";

const pairsShown = 300;

export function PairTable(props: {
  readonly title: string;
  readonly pairs: readonly Pair[];
}): JSX.Element {
  const { pairs } = props;
  const { compare } = words.value;
  return (
    <section class="section">
      <h3>{props.title}</h3>
      {pairs.length === 0 ? <p class="hint">{compare.noDifferences}</p> : null}
      <table class="table pairs">
        <tbody>
          {pairs.slice(0, pairsShown).map((pair) => (
            <tr key={pair.name} class={differs(pair) ? "differs" : undefined}>
              <th scope="row">{pair.name}</th>
              <td>{pair.left ?? "–"}</td>
              <td>{differs(pair) ? (pair.right ?? "–") : `= ${compare.same}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pairs.length > pairsShown ? <p>{compare.more(pairs.length - pairsShown)}</p> : null}
    </section>
  );
}
