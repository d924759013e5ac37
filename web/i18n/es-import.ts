/** Words about captures of other tools that are taken in. */
import type { taking as english } from "./en-import.ts";

export const taking: typeof english = {
  title: "Incorporar capturas",
  open: "Incorporar capturas…",
  hint: "Suelte archivos HAR, SAZ, .boshscope, pcap o pcapng en cualquier lugar de la página. Cada uno será una captura propia, con un veredicto como el de una en vivo.",
  keysHint:
    "Las capturas de paquetes necesitan tshark en este PC y las claves TLS: suelte el registro de claves (de --keylog o SSLKEYLOGFILE) junto con los paquetes. Las claves anulan la protección: bórrelas al terminar.",
  pick: "Elegir archivos…",
  reading: (name) => `Leyendo ${name}…`,
  taken: (name, exchanges) => `${name}: ${exchanges} intercambios.`,
  isCut: "El archivo termina a la mitad.",
  sealed: (count) => `${count} conexiones no se pudieron leer.`,
  nothingFound: "No se encontró nada en ella.",
};
