/** Parcels that go slowly or not to their end, and the rules that want it: over with the rule. */
import type { Parcel } from "./lane.ts";

interface Shape {
  readonly slow: string | null;
  readonly cut: string | null;
}

export class Shaping {
  readonly #shapes = new Map<Parcel, Shape>();

  slow(parcel: Parcel, rule: string, bytesPerSecond: number): void {
    parcel.rate = bytesPerSecond;
    this.#shapes.set(parcel, { cut: null, ...this.#shapes.get(parcel), slow: rule });
  }

  cut(parcel: Parcel, rule: string, { after, onCut }: { after: number; onCut: () => void }): void {
    parcel.left = after;
    parcel.onCut = () => {
      this.#shapes.delete(parcel);
      onCut();
    };
    this.#shapes.set(parcel, { slow: null, ...this.#shapes.get(parcel), cut: rule });
  }

  /** To be called when the parcel is about to go: it is forgotten when it has gone. */
  watch(parcel: Parcel): void {
    if (!this.#shapes.has(parcel)) return;
    const tell = parcel.onGone;
    parcel.onGone = () => {
      this.#shapes.delete(parcel);
      tell?.();
    };
  }

  released(rule: string): void {
    for (const [parcel, { slow, cut }] of this.#shapes) {
      if (slow === rule) parcel.rate = null;
      if (cut !== rule) continue;
      parcel.left = null;
      parcel.onCut = null;
    }
  }
}
