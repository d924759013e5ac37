/** The page's frame: name, screens, language, theme; the screen itself; messages and dialogs over it. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { armedRules } from "../state/faults.ts";
import { findings, unseen } from "../state/findings.ts";
import { status } from "../state/live.ts";
import { type Screen, screen, screens } from "../state/navigation.ts";
import { AlertBanners } from "./alert-banners.tsx";
import { IconButton } from "./button.tsx";
import { CompareDialog } from "./compare-dialog.tsx";
import { ComposeDialog } from "./compose-dialog.tsx";
import { ConnectionsScreen } from "./connections-screen.tsx";
import { CommentDialog, KeysDialog, keysShown } from "./dialogs.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { FaultBanner } from "./fault-banner.tsx";
import { FaultsScreen } from "./faults-screen.tsx";
import { FindingsScreen } from "./findings-screen.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { LiveScreen } from "./live-screen.tsx";
import { LogsDialog, LogsDrop } from "./logs-dialog.tsx";
import { LanguageChoice, ThemeChoice } from "./page-choices.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import { ScenarioPicker } from "./scenario-picker.tsx";
import { SetupScreen } from "./setup-screen.tsx";
import { StatusBar } from "./status-bar.tsx";
import { ToastView } from "./toast-view.tsx";
import { XmppScreen } from "./xmpp-screen.tsx";

const views: Record<Screen, () => JSX.Element> = {
  live: LiveScreen,
  findings: FindingsScreen,
  faults: FaultsScreen,
  connections: ConnectionsScreen,
  xmpp: XmppScreen,
  setup: SetupScreen,
};

export function App(): JSX.Element {
  const View = views[screen.value];
  return (
    <div class="app">
      <header class="top-bar">
        <Brand />
        <nav>
          {screens.map((name) => (
            <a
              key={name}
              href={`#${name}`}
              class="screen-link"
              data-testid={`screen-${name}`}
              aria-current={screen.value === name ? "page" : undefined}
            >
              {words.value.app.screens[name]}
              <Badge name={name} />
            </a>
          ))}
        </nav>
        <span class="spacer" />
        <IconButton
          icon="keyboard"
          label={words.value.app.shortcuts}
          onClick={() => {
            keysShown.value = true;
          }}
        />
        <LanguageChoice />
        <ThemeChoice />
      </header>
      <FaultBanner />
      <AlertBanners />
      <main>
        <View />
      </main>
      <StatusBar />
      <ToastView />
      <CommentDialog />
      <KeysDialog />
      <ScenarioPicker />
      <ReplayDialog />
      <ComposeDialog />
      <CompareDialog />
      <ExportDialog />
      <LogsDialog />
      <ImportDialog />
      <LogsDrop />
    </div>
  );
}

function Brand(): JSX.Element {
  return (
    <div class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="14" cy="14" r="9.5" />
        <path d="M21 21l7 7" />
        <path class="pulse" d="M6 14h4.5l2-4.5 2.8 8 2-3.5H22" />
      </svg>
      {words.value.app.name}
    </div>
  );
}

/** True while a browser refuses our certificate: the one thing in Setup that stops everything else. */
function needsSetup(): boolean {
  return status.value?.setup.endpoints.some((endpoint) => endpoint.state === "rejected") ?? false;
}

/** What a screen has to say while another is shown. */
function Badge({ name }: { readonly name: Screen }): JSX.Element | null {
  if (name === "setup" && needsSetup()) return <span class="badge">!</span>;
  if (name === "faults" && armedRules.value.length > 0)
    return <span class="badge armed">{armedRules.value.length}</span>;
  const count = findings.value.length;
  if (name !== "findings" || count === 0) return null;
  return (
    <span class={unseen.value.size > 0 ? "badge" : "badge calm"} data-testid="findings-badge">
      {count}
    </span>
  );
}
