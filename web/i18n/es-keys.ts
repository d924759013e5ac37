/** The list of keys in Spanish: what to press, and what it does. */
export const keys: readonly (readonly [string, string])[] = [
  ["↑ ↓ RePág AvPág Inicio Fin", "mover; con Mayús se selecciona un rango"],
  ["Intro", "abrir el inspector"],
  ["Esc", "cerrar el inspector, quitar la selección"],
  ["Ctrl+F", "filtrar"],
  ["Ctrl+G, F3, Mayús+F3", "buscar en la lista, siguiente, anterior"],
  ["F2", "comentario"],
  ["1 … 5, 0", "marca roja, azul, dorada, verde, morada; ninguna"],
  ["E", "siguiente fila fallida, Mayús+E la anterior"],
  ["M", "siguiente fila marcada, Mayús+M la anterior"],
  ["Supr", "quitar las filas seleccionadas"],
  ["Mayús+Supr", "dejar solo las filas seleccionadas"],
  ["Ctrl+A", "seleccionar todo"],
  ["Ctrl+X", "vaciar la lista"],
  ["P", "pausar o reanudar la grabación"],
  ["R", "repetir la fila"],
  [
    "Ctrl+Mayús+X",
    "en cualquier pantalla: desarmar todas las reglas de fallo y soltar lo retenido",
  ],
  ["j k Intro", "entre hallazgos: siguiente, anterior, a las pruebas; Esc vuelve a la lista"],
  ["?", "esta lista"],
];
