/** Words of the dialog that exports, in Spanish. */
import type { exporting as english } from "./en-export.ts";

export const exporting: typeof english = {
  open: "Exportar",
  title: "Exportar como archivo",
  range: "Qué",
  ranges: (selected) => ({
    all: "toda la captura",
    filter: "lo que muestra el filtro",
    selection: selected === 1 ? "la fila elegida" : `las ${selected} filas elegidas`,
  }),
  format: "Archivo",
  formats: {
    saz: "SAZ (Fiddler)",
    har: "HAR (navegadores)",
    pcapng: "pcapng (Wireshark; decodifique los puertos TCP 7443 y 8445 como HTTP)",
    boshscope: ".boshscope (Boshscope)",
  },
  redact: "Sustituir",
  redactions: {
    yes: "agentes, nombres, números, datos de llamadas",
    hosts: "lo mismo, y nombres y direcciones de equipos",
    no: "nada",
  },
  password: "Contraseña (AES-256)",
  passwordHint: "ninguna",
  warning:
    "Agentes, nombres, teléfonos y datos de llamadas estarán en el archivo tal como son. Contraseñas y tokens se sustituyeron al capturarlos, salvo que la captura los guarde.",
  reading: "Contando lo que se sustituiría…",
  replaced: "Se sustituye, lo mismo siempre por el mismo seudónimo",
  kept: "No se sustituye",
  kinds: {
    agent: "agentes y otros nombres de usuario",
    number: "extensiones y teléfonos",
    person: "nombres de personas",
    value: "variables de llamada y números de cuenta",
    sid: "identificadores de sesión BOSH",
    host: "nombres y direcciones de equipos",
  },
  secrets: "contraseñas, tokens, cookies",
  places: (distinct, places) => `${distinct} (${places} sitios)`,
  dropped: (count) => `${count} cuerpos no se incluyen: no son texto, y nombran a alguien.`,
  hosts: (hosts, addresses) => `nombres de equipos (${hosts}) y direcciones de red (${addresses})`,
  free: (count) =>
    `lo que se escribió en comentarios y registros de cliente (${count}), más allá de lo conocido por otro lado`,
  always:
    "nombres de equipos de agentes, colas y códigos de motivo, tiempos, tamaños, navegadores, rids",
  save: (count) => `Guardar ${count} intercambios`,
};
