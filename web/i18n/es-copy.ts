/** Words of the menu that copies a request, in Spanish. */
import type { copying as english } from "./en-copy.ts";

export const copying: typeof english = {
  label: "Copiar como…",
  forms: {
    "curl-bash": "cURL (bash)",
    "curl-cmd": "cURL (cmd)",
    powershell: "PowerShell",
    fetch: "fetch (consola)",
    raw: "HTTP sin formato",
  },
  copied: (form) => `Copiado como ${form}.`,
};
