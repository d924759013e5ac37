/** What is to be exported, and what doing so would replace. */
import { signal } from "@preact/signals";
import type { ExportReport } from "../../src/server/messages.ts";
import { apiPath, getJson, getProtected } from "../feed/api.ts";
import { numberQuery } from "../model/number-query.ts";
import { type Loaded, load } from "./detail.ts";
import { filter } from "./live.ts";
import { selection } from "./selected.ts";

export type Range = "all" | "filter" | "selection";
export type Redaction = "yes" | "hosts" | "no";
export type Format = "har" | "saz" | "boshscope" | "pcapng";

export interface ExportChoice {
  readonly range: Range;
  readonly format: Format;
  readonly redact: Redaction;
  /** SAZ alone; "" = none. */
  readonly password: string;
}

/** null = nothing is being exported. */
export const exporting = signal<ExportChoice | null>(null);
export const exportReport = signal<Loaded<ExportReport>>({ kind: "loading" });

/** Several chosen rows are most likely what is meant; else what is shown. */
export function openExport(): void {
  const range =
    selection.peek().ids.size > 1 ? "selection" : filter.peek() === "" ? "all" : "filter";
  exporting.value = { range, format: "saz", redact: "yes", password: "" };
}

export function queryOf(range: Range): string {
  if (range === "all") return "";
  if (range === "filter") return filter.value;
  return numberQuery(
    [...selection.value.ids].map((id) => Number(id.slice(id.lastIndexOf("-") + 1))),
  );
}

const parametersOf = ({ range, redact }: ExportChoice) => ({ q: queryOf(range), redact });

let latest = 0;

/** Reads all that was chosen, on the server: of many rows that takes some seconds. */
export async function loadReport(choice: ExportChoice): Promise<void> {
  const turn = ++latest;
  exportReport.value = { kind: "loading" };
  const path = "export-report";
  const loaded = await load(getJson<ExportReport>(path, parametersOf(choice)));
  if (turn === latest) exportReport.value = loaded;
}

/** The browser's own download, unless a password has to go along, which may not stand in an address. */
export async function saveExport(choice: ExportChoice): Promise<void> {
  const path = `export.${choice.format}`;
  const parameters = parametersOf(choice);
  if (choice.format !== "saz" || choice.password === "") {
    download(apiPath(path, parameters), `boshscope.${choice.format}`);
    return;
  }
  const bytes = await getProtected(path, parameters, choice.password);
  const address = URL.createObjectURL(bytes);
  download(address, `boshscope.${choice.format}`);
  URL.revokeObjectURL(address);
}

function download(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
