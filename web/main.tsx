/** Starts the page: preferences, feed, clock, keys that work everywhere, then the first paint. */
import { render } from "preact";
import { startClock } from "./state/clock.ts";
import { loadConfig } from "./state/config.ts";
import { followSelection } from "./state/detail.ts";
import { startLive } from "./state/live.ts";
import { followAddress } from "./state/navigation.ts";
import { exposePainted } from "./state/painted.ts";
import { keepPreferences } from "./state/preferences.ts";
import { App } from "./views/app.tsx";
import { listenForShortcuts } from "./views/shortcuts.ts";

const root = document.getElementById("app");
if (root !== null) {
  keepPreferences();
  exposePainted();
  followAddress();
  followSelection();
  startClock();
  startLive();
  listenForShortcuts();
  void loadConfig();
  render(<App />, root);
}
