/** The page's few icons, drawn in the text's colour; always beside a word or with a label of the control around them. */
import type { JSX } from "preact";

const paths = {
  hourglass:
    "M4.5 2h7M4.5 14h7M5.5 2v2.2c0 1.6 5 2.2 5 3.8s-5 2.2-5 3.8V14M10.5 2v2.2c0 1.6-5 2.2-5 3.8s5 2.2 5 3.8V14",
  overdue: "M8 2.2 14.4 13.4H1.6ZM8 6.4v3.2M8 11.4v.4",
  broken: "M2 8h3.4M10.6 8H14M6.4 4.6 9.6 11.4M9.6 4.6 6.4 11.4",
  open: "M2 8h12M4.5 5.5 2 8l2.5 2.5M11.5 5.5 14 8l-2.5 2.5",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M4.5 2.8v10.4L13 8Z",
  minus: "M3 8h10",
  left: "M10.4 3.6 6 8l4.4 4.4",
  forth: "M5.6 3.6 10 8l-4.4 4.4",
  text: "M3 4h10M3 8h10M3 12h6",
  plus: "M8 3v10M3 8h10",
  trash: "M2.8 4.4h10.4M6.2 4.2V2.6h3.6v1.6M4 4.6l.7 9h6.6l.7-9M6.7 7v4.2M9.3 7v4.2",
  pencil: "M3 13l.6-2.8L10.9 3l2.1 2.1-7.2 7.3ZM9.4 4.4l2.2 2.2",
  filter: "M2 3.2h12L9.4 8.6v4.6l-2.8-1.6v-3Z",
  search: "M7 2.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8ZM10.4 10.4 14 14",
  help: "M5.6 5.8c.2-1.6 1.2-2.4 2.5-2.4 1.4 0 2.4.9 2.4 2.1 0 1.9-2.4 1.9-2.4 3.9M8 12.2v.5",
  tail: "M8 2.5v7.6M4.6 6.9 8 10.3l3.4-3.4M3 13.4h10",
  close: "M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4",
  up: "M3.6 10 8 5.6l4.4 4.4",
  down: "M3.6 6 8 10.4 12.4 6",
  check: "M3 8.6 6.4 12 13 4.4",
  copy: "M5.5 5.5h7v8h-7ZM3.5 10.5v-8h7",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1",
  moon: "M12.8 9.9A5.4 5.4 0 0 1 6.1 3.2a5.4 5.4 0 1 0 6.7 6.7Z",
  auto: "M8 2.4a5.6 5.6 0 1 0 0 11.2Z M8 2.4a5.6 5.6 0 0 1 0 11.2",
  right: "M2.4 3h11.2v10H2.4ZM9.4 3v10",
  bottom: "M2.4 3h11.2v10H2.4ZM2.4 9h11.2",
  keyboard: "M1.6 4.4h12.8v7.4H1.6ZM4 7h.4M7 7h.4M10 7h.4M12.2 7h.2M4.6 9.4h6.8",
  lock: "M4 7.4h8v6H4ZM5.6 7.4V5.2a2.4 2.4 0 0 1 4.8 0v2.2",
  download: "M8 2.4v7.2M4.8 6.6 8 9.8l3.2-3.2M3 13h10",
  reload: "M12.6 6.4A5 5 0 1 0 13 9M13 3.2v3.4H9.6",
  bolt: "M9 1.8 3.8 9h3.6L7 14.2 12.2 7H8.6Z",
  alert: "M8 2.2 14.4 13.4H1.6ZM8 6.4v3.2M8 11.4v.4",
  flag: "M4 14.2V2.2M4 2.8h8.2L9.8 5.6l2.4 2.8H4",
  monitor: "M1.8 3h12.4v8H1.8ZM6 13.6h4M8 11v2.4",
  network:
    "M8 2.2a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM3.4 10.6a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM12.6 10.6a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2ZM7.2 5.2 4.2 10.8M8.8 5.2l3 5.6",
  server: "M2.4 2.6h11.2v4.2H2.4ZM2.4 9.2h11.2v4.2H2.4ZM4.8 4.7h.4M4.8 11.3h.4",
  gear: "M8 5.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8ZM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4",
  bell: "M4 11V7.2a4 4 0 0 1 8 0V11l1.2 1.2H2.8ZM6.8 14h2.4",
  compare:
    "M2.2 3.4h4.6v9.2H2.2ZM9.2 3.4h4.6v9.2H9.2ZM3.6 6h1.8M3.6 8.4h1.8M10.6 6h1.8M10.6 10h1.8",
  send: "M2 8 14 2.6 10.4 13.6 7.4 9ZM7.4 9 14 2.6",
  upload: "M8 10V2.6M4.8 5.6 8 2.4l3.2 3.2M3 13h10",
  clock: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM8 4.8V8l2.4 1.6",
  stop: "M3.6 3.6h8.8v8.8H3.6Z",
  plug: "M5.4 2v3.4M10.6 2v3.4M3.6 5.4h8.8v2.2a4.4 4.4 0 0 1-8.8 0ZM8 12v2.4",
} as const;

export type IconName = keyof typeof paths;

const filled: ReadonlySet<IconName> = new Set(["play", "bolt", "stop"]);

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg
      class={filled.has(name) ? "icon filled" : "icon"}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
