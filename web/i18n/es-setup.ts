/** Spanish words of the Setup screen. */
import type { setup as english } from "./en-setup.ts";

export const setup: typeof english = {
  title: "Tres pasos hasta el primer sondeo descifrado",
  done: "hecho",
  waiting: "a la espera",
  problem: "problema",
  proxyTitle: "El navegador usa el proxy",
  proxySeen: (time) => `Primera conexión vista a las ${time}.`,
  proxyWaiting: "Ningún cliente se ha conectado todavía al proxy.",
  proxyAddress: "Dirección del proxy",
  pacAddress: "Configuración automática (PAC)",
  pacHint: "Solo envía los servidores Finesse a través de Boshscope; todo lo demás sigue directo.",
  proxyHow: [
    [
      "Chrome, Edge",
      "Usan la configuración del sistema. Windows: Configuración › Red e Internet › Proxy › Usar script de configuración, y pegue la dirección PAC. macOS: Red › Detalles › Proxies. Para no tocar el sistema, inícielos con --proxy-pac-url=…",
    ],
    [
      "Firefox",
      "Ajustes › General › Configuración de red › URL de configuración automática del proxy, y pegue la dirección PAC.",
    ],
    ["Deshacer", "Quite la misma entrada; Boshscope no cambia ninguna configuración."],
  ],
  trustTitle: "El navegador confía en el certificado raíz",
  trustWaiting: "Todavía no se ha visto ninguna conexión TLS a un puerto de Finesse.",
  trustText:
    "Un solo certificado raíz vale para todos los hosts y puertos. Se creó en este equipo, su clave no sale de él y ningún otro equipo confía en él.",
  download: "Certificado raíz",
  downloadPem: "PEM (Firefox, macOS, Linux)",
  downloadCer: "CER (Windows)",
  fingerprint: "Huella SHA-256",
  endpoint: "Host y puerto",
  state: "Estado",
  seen: "Visto por última vez",
  states: {
    trusted: "de confianza",
    rejected: "rechazado por el cliente",
    seen: "conectado, aún sin decidir",
    tunnel: "sin descifrar",
  },
  tunnelText: "Sus bytes pasan sin leerse. Si es un servidor Finesse, nómbrelo con --finesse HOST.",
  rejectedText: (alert) => `El cliente terminó la negociación con la alerta TLS ${alert}.`,
  rejectedSilent: "El cliente cerró la conexión durante la negociación, sin alerta.",
  rejectedMeaning: {
    untrusted: "No confía en el certificado raíz.",
    certificate: "No acepta el certificado mostrado.",
    version: "No se pudo acordar versión o cifrado TLS.",
    "given-up": "Desistió por sí mismo, por ejemplo porque se abandonó la página.",
    other: "El número no dice más que eso: lo rechazó.",
  },
  rejectedRemedy: {
    untrusted:
      "Importe el certificado raíz como se indica abajo, en el almacén de ese mismo navegador (Firefox tiene el suyo); después cierre todas sus ventanas y ábralo de nuevo.",
    certificate:
      "Compruebe que el reloj de este equipo va bien y quite del almacén los certificados antiguos de Boshscope antes de importar el actual.",
    version:
      "Un cliente antiguo necesita --legacy-tls; también puede deberse a un proxy o agente de seguridad intermedio.",
    "given-up":
      "Recargue la página; si se repite, importe el certificado raíz como se indica abajo.",
    other:
      "Importe el certificado raíz como se indica abajo; si persiste, mire los errores de la conexión.",
  },
  bindTitle: "Se ven los sondeos BOSH",
  bindSeen: (time) => `Primera solicitud http-bind descifrada a las ${time}.`,
  bindWaiting:
    "Todavía no hay solicitudes http-bind. Aparecen en cuanto un agente inicia sesión en el escritorio.",
  bindWebsocket:
    "Los escritorios recientes pueden usar un WebSocket: entonces aparece /ws en la lista.",
  howTitle: "Confiar en él, y quitarlo después",
  where: "Dónde",
  trust: "Ejecutar",
  remove: "Quitar",
  how: [
    [
      "Sin confiar en nada: un navegador propio",
      "npm run boshscope -- browser",
      "",
      "Inicia un Chrome, Edge, Chromium o Firefox instalado con un perfil desechable que usa el proxy y confía en este certificado raíz. Nada cambia en el sistema y nada queda por quitar.",
    ],
    [
      "Windows (Chrome, Edge)",
      "certutil -user -addstore Root boshscope-ca.cer",
      "Get-ChildItem Cert:\\CurrentUser\\Root | Where-Object Subject -like '*Boshscope local CA*' | Remove-Item",
      "O haga doble clic en el archivo .cer: Instalar certificado › Usuario actual › Entidades de certificación raíz de confianza. La línea para quitarlo es de PowerShell; o use certmgr.msc, Entidades de certificación raíz de confianza.",
    ],
    [
      "macOS (Chrome, Edge, Safari)",
      "security add-trusted-cert -r trustRoot -p ssl -k ~/Library/Keychains/login.keychain-db boshscope-ca.pem",
      "security remove-trusted-cert boshscope-ca.pem",
      "O abra el archivo en Acceso a Llaveros y márquelo como Confiar siempre. Para quitarlo: elimínelo allí.",
    ],
    [
      "Linux (Chrome, Edge)",
      "certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Boshscope -i boshscope-ca.pem",
      "certutil -d sql:$HOME/.pki/nssdb -D -n Boshscope",
      "certutil viene con el paquete libnss3-tools (nss-tools en Red Hat).",
    ],
    [
      "Firefox (cualquier sistema)",
      "",
      "",
      "Ajustes › Privacidad y seguridad › Certificados › Ver certificados › Autoridades › Importar, y marque «Confiar en esta CA para identificar sitios web». Para quitarlo: selecciónelo en la misma lista, Eliminar o dejar de confiar.",
    ],
  ],
  settings: "Cómo se inició Boshscope",
  setting: "Opción",
  value: "Valor",
  origin: "Fijada por",
  loopback:
    "Los navegadores nunca envían localhost ni 127.0.0.1 por un proxy: use el nombre real del servidor.",
};
