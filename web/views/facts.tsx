/** Name-and-value lists, as most tabs show them. */
import type { ComponentChildren, JSX } from "preact";

export function Facts({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <dl class="facts">{children}</dl>;
}

/** Leaves itself out when there is nothing to say. */
export function Fact(props: {
  readonly name: string;
  readonly hint?: string;
  readonly mono?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element | null {
  const { children } = props;
  if (children === null || children === undefined || children === "") return null;
  return (
    <div class="fact">
      <dt title={props.hint}>{props.name}</dt>
      <dd class={props.mono ? "mono" : undefined}>{children}</dd>
    </div>
  );
}

export function Section(props: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="section">
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}
