/** Language and theme. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import type { Language } from "../model/format.ts";
import { language, type Theme, theme } from "../state/preferences.ts";
import { Icon, type IconName } from "./icons.tsx";

const themeIcons: Record<Theme, IconName> = { auto: "auto", light: "sun", dark: "moon" };
const themes: readonly Theme[] = ["auto", "light", "dark"];

export function LanguageChoice(): JSX.Element {
  const choices: readonly Language[] = ["en", "es"];
  return (
    <fieldset class="segments" aria-label={words.value.app.language}>
      {choices.map((choice) => (
        <button
          key={choice}
          type="button"
          lang={choice}
          data-testid={`language-${choice}`}
          aria-pressed={language.value === choice}
          onClick={() => {
            language.value = choice;
          }}
        >
          {choice.toUpperCase()}
        </button>
      ))}
    </fieldset>
  );
}

export function ThemeChoice(): JSX.Element {
  const { app } = words.value;
  return (
    <fieldset class="segments" aria-label={app.theme}>
      {themes.map((choice) => (
        <button
          key={choice}
          type="button"
          title={`${app.theme}: ${app.themes[choice]}`}
          aria-label={app.themes[choice]}
          data-testid={`theme-${choice}`}
          aria-pressed={theme.value === choice}
          onClick={() => {
            theme.value = choice;
          }}
        >
          <Icon name={themeIcons[choice]} />
        </button>
      ))}
    </fieldset>
  );
}
