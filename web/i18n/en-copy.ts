/** Words of the menu that copies a request, in English. */
export const copying = {
  label: "Copy as…",
  forms: {
    "curl-bash": "cURL (bash)",
    "curl-cmd": "cURL (cmd)",
    powershell: "PowerShell",
    fetch: "fetch (console)",
    raw: "raw HTTP",
  },
  copied: (form: string) => `Copied as ${form}.`,
};
