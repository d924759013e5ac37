/** Signs in Spanish. */
import type { signsEn } from "./en-signs.ts";

export const signsEs: Readonly<Record<keyof typeof signsEn, string>> = {
  "seen.gap":
    "Tras una respuesta de {host}:{port} el cliente no envió ninguna solicitud durante {seconds} s.",
  "seen.trickle":
    "Una respuesta de {host}:{port} llegó tan despacio que no estaba entera en {seconds} s.",
  "seen.no-answer": "Una solicitud a {host}:{port} no recibió respuesta en {seconds} s.",
  "seen.connect-stall": "No se pudo abrir ninguna conexión con {host}:{port} en {seconds} s.",
  "seen.refused": "{host}:{port} rechazó la conexión.",
  "seen.unreachable": "{host}:{port} no se puede alcanzar desde aquí.",
  "seen.connect-timeout": "La conexión con {host}:{port} nunca se respondió.",
  "seen.dns": "El nombre {host} no se pudo resolver.",
  "seen.tls-failed": "El saludo TLS con {host}:{port} se interrumpió.",
  "seen.bad-certificate": "La regla de Boshscope rechazó el certificado de {host}:{port}.",
  "seen.reset": "{host}:{port} reinició (RST) una conexión con una solicitud en espera.",
  "seen.fin": "{host}:{port} cerró una conexión con una solicitud en espera.",
  "seen.late": "{host}:{port} respondió solo tras {seconds} s.",
  "seen.early-empty":
    "{host}:{port} devolvió un sondeo vacío mucho antes de tiempo, sin que nada lo pidiera.",
  "seen.invalid-sid": "{host}:{port} ya no conoce la sesión (HTTP 404).",
  "seen.ended-by-server": "{host}:{port} terminó la sesión.",
  "seen.conflict": "{host}:{port} terminó la sesión con <conflict/>.",
  "seen.protocol": "{host}:{port} terminó la sesión por un número de solicitud.",
  "seen.auth": "{host}:{port} rechazó las credenciales.",
  "seen.locked-out": "{host}:{port} respondió 418.",
  "seen.unavailable": "{host}:{port} respondió con un error del servidor.",
  "seen.out-of-service": "{host} dice OUT_OF_SERVICE.",
  "seen.finesse-gone":
    "La aplicación web (usuario finesse) dejó el Notification Service de {host}.",
  "seen.distrust": "El cliente interrumpió el saludo TLS con {host}:{port}.",
  "seen.clock": "SystemInfo muestra que los relojes de {host} y del cliente difieren.",
  "seen.bad-character":
    "Pasó un mensaje con un carácter que XML 1.0 prohíbe entre {host} y el cliente.",
  "seen.own": "Boshscope rompió un intercambio con {host}:{port}.",
  "evidence.gap": "después el cliente calló {seconds} s",
  "evidence.trickle": "solo algunos bytes de una respuesta en {seconds} s",
  "evidence.no-answer": "sin respuesta en {seconds} s",
  "evidence.connect-stall": "sin conexión en {seconds} s",
  "evidence.refused": "conexión al puerto {port} rechazada",
  "evidence.unreachable": "inalcanzable",
  "evidence.connect-timeout": "conexión nunca respondida",
  "evidence.dns": "nombre sin resolver",
  "evidence.tls-failed": "el saludo TLS con el servidor se interrumpió",
  "evidence.bad-certificate": "certificado del servidor rechazado: {detail}",
  "evidence.reset": "RST tras {seconds} s",
  "evidence.fin": "cerrada tras {seconds} s sin respuesta",
  "evidence.late": "respondida tras {seconds} s",
  "evidence.early-empty": "devuelta vacía tras {seconds} s",
  "evidence.invalid-sid": "404: la sesión no se conoce",
  "evidence.ended-by-server": "sesión terminada por el servidor",
  "evidence.conflict": "stream error conflict",
  "evidence.protocol": "terminada por un número de solicitud: {detail}",
  "evidence.auth": "credenciales rechazadas",
  "evidence.locked-out": "418",
  "evidence.unavailable": "error del servidor: {detail}",
  "evidence.out-of-service": "OUT_OF_SERVICE",
  "evidence.finesse-gone": "finesse no está presente",
  "evidence.distrust": "TLS interrumpido por el cliente: {detail}",
  "evidence.clock": "diferencia de relojes: {detail}",
  "evidence.bad-character": "contiene un carácter que XML 1.0 prohíbe",
  "evidence.own-stop": "Boshscope estuvo parado {seconds} s",
  "evidence.own": "roto por Boshscope: {detail}",
  "evidence.ok": "el puerto {port} respondió de todos modos",
  "evidence.storm": "una de una ráfaga de solicitudes",
  "because.fault-rule": "La regla de fallo {rules} tocó este tráfico.",
  "because.own": "El propio Boshscope terminó el intercambio.",
  "because.lost-again":
    "{count} sesiones del mismo agente se perdieron una tras otra, la última nada más empezar, y los id de solicitud vistos aquí estaban en orden: algo más allá añade otros.",
  "because.queued": "El propio Boshscope estuvo listo {seconds} s sin que le dieran procesador.",
  "because.own-stop":
    "Boshscope no se ejecutó durante {seconds} s aunque no esperaba procesador: lo suspendieron, o se suspendió todo el PC.",
  "because.own-lag": "El bucle de Boshscope se retrasó {ms} ms aunque a la máquina le sobraba CPU.",
  "because.slept":
    "Este PC no funcionó durante {seconds} s: su reloj saltó, o el temporizador de Boshscope llegó así de tarde.",
  "because.browser-stopped-whole": "Los {pids} procesos del navegador estaban detenidos.",
  "because.client-vanished": "La conexión del cliente murió durante el silencio sin despedirse.",
  "because.new-connections":
    "Volvió con conexiones nuevas, y mientras tanto no se oyó nada más de ese cliente.",
  "because.cpu": "El procesador de este PC estaba ocupado al {cpu} %.",
  "because.lag": "El bucle de Boshscope también se retrasó {ms} ms.",
  "because.storm":
    "{all} solicitudes, {calls} por el servidor de gadgets, vinieron de esta página alrededor del silencio.",
  "because.minute-ticks":
    "{ticks} silencios duraron un minuto cada uno: el pulso de una pestaña oculta más de cinco minutos.",
  "because.second-ticks":
    "{ticks} silencios duraron alrededor de un segundo: el pulso de una pestaña oculta.",
  "because.no-retry":
    "El cliente no lo intentó de nuevo, aunque su biblioteca lo hace en medio segundo en una pestaña visible.",
  "because.page-alive": "La misma página envió otras {requests} solicitudes durante el silencio.",
  "because.turn": "Le tocaba al cliente: la respuesta anterior se había entregado entera.",
  "because.others-alive": "Otros {count} escritorios del mismo cliente siguieron.",
  "because.browser-stopped": "{stopped} de {pids} procesos del navegador estaban detenidos.",
  "because.browser-busy":
    "El navegador usó el {cpu} % de un procesador: su hilo principal estaba ocupado.",
  "because.conflict": "El propio servidor dio el motivo.",
  "because.sasl": "El Notification Service rechazó el inicio de sesión (SASL).",
  "because.unauthorized": "{count} solicitudes seguidas recibieron 401.",
  "because.rid":
    "El propio servidor dio el motivo, o el número de solicitud estaba fuera de su ventana.",
  "because.418": "Solo la protección del proxy inverso contra contraseñas adivinadas responde 418.",
  "because.server-certificate":
    "La comprobación fijada o estricta de certificados de servidor lo rechazó: {detail}.",
  "because.closed-after-certificate":
    "El cliente cerró {count} conexiones justo después de nuestro certificado y nunca ha enviado una solicitud: no da motivo, pero confía en él tan poco como quien lo da.",
  "because.alert": "El cliente terminó el saludo en el puerto {port} con la alerta TLS {alert}.",
  "because.drift": "Servidor menos cliente: {drift} ms, visto más de una vez.",
  "because.syn-silent": "Nadie responde a una conexión al puerto {port}.",
  "because.refused-uncut":
    "Se rechazan las conexiones nuevas al puerto {port}, pero ninguno de los {count} sondeos retenidos en él se cortó: un servicio que termina corta los que retiene.",
  "because.refused-in-service":
    "El puerto {port} se rechaza aunque el nodo sirve su otro puerto y este nunca sirvió.",
  "because.other-port": "El puerto {port} del mismo host siguió respondiendo.",
  "because.cut-session-lives": "Se cortaron {count} sondeos y la sesión siguió después.",
  "because.constant-age":
    "Se cortaron a la misma edad, {seconds} s: un límite de un dispositivo del camino.",
  "because.trickle": "El servicio respondió, pero {count} respuestas solo llegaron a cuentagotas.",
  "because.closed-in-order":
    "{count} conexiones se cerraron en orden (close_notify de TLS): un proceso matado no puede hacerlo.",
  "because.late": "{count} respuestas llegaron mucho después de su hora.",
  "because.alone":
    "Otras {unharmed} sesiones del mismo host siguieron: no todos se vieron afectados.",
  "because.many": "{count} de {observed} agentes se vieron afectados a la vez.",
  "because.interface": "Cambió una interfaz de red de este PC: {change}.",
  "because.unreachable": "Este PC no tiene camino hasta el host.",
  "because.both-silent": "Ambos puertos del host callan.",
  "because.polite": "{count} sondeos se devolvieron o terminaron en orden antes del final.",
  "because.polite-many": "Las sesiones de {count} agentes terminaron con momentos de diferencia.",
  "because.refused": "{count} conexiones se rechazaron, como hace un host donde nada escucha.",
  "because.cut": "{count} solicitudes se cortaron a medias.",
  "because.forgotten":
    "Después {count} sesiones eran desconocidas: el servicio había empezado de nuevo.",
  "because.unanswered": "{count} solicitudes se aceptaron y nunca se respondieron.",
  "because.accepts-mute": "Las conexiones se aceptan, y después no llega nada.",
  "because.bad-character-fell":
    "El carácter prohibido pasó justo antes de que cayeran los servicios.",
  "because.bad-character": "Pasó un carácter prohibido; todavía no ha caído nada.",
  "because.finesse-gone": "El propio Notification Service dijo que la aplicación web se fue.",
  "because.rest-failing":
    "{count} solicitudes al puerto {port} fallaron mientras los sondeos seguían.",
  "because.out-of-service": "El propio nodo lo dijo, y ambos puertos responden.",
  "because.both-refused": "Ambos puertos se cortaron o rechazan.",
  "because.early-then-404": "El servidor la terminó antes de tiempo, y nadie había callado.",
  "because.404-no-gap":
    "La sesión pasó a ser desconocida aunque su cliente había preguntado a tiempo.",
  "because.unknown": "Ninguna regla encaja con lo que se vio.",
  "because.rival": "{cause} encaja casi igual de bien ({confidence} %).",
  "because.log-idle":
    "El registro del servidor: última actividad {seconds} s antes de cerrar la sesión inactiva (umbral {threshold} s).",
  "because.log-line": "El registro del servidor coincide: {text}",
  "because.log-not-asked":
    "El servidor cerró la sesión porque ya nadie preguntaba: casi siempre es el lado del cliente (navegador, PC o su red).",
  "because.log-service": "El registro dice que el servicio se detuvo.",
  "because.log-cti": "El registro dice que se perdió la conexión con CTI.",
  "because.log-xmpp": "El registro dice que Finesse perdió su Notification Service.",
  "evidence.log-line": "{text}",
  "evidence.log-idle-close": "última actividad en el registro; {seconds} s después: {detail}",
  "evidence.log-service-stopped": "{detail}",
  "evidence.log-cti-lost": "{detail}",
  "evidence.log-xmpp-lost": "{detail}",
  "seen.log-idle-close":
    "El registro muestra que a {host} no se le preguntó durante {seconds} s y cerró la sesión inactiva.",
  "seen.log-service-stopped": "El registro muestra que el Notification Service se detuvo.",
  "seen.log-cti-lost": "El registro muestra que Finesse perdió CTI.",
  "seen.log-xmpp-lost": "El registro muestra que Finesse perdió su Notification Service.",
  "severity.disconnect": "El escritorio perdió su conexión.",
  "severity.near-miss": "La sesión sobrevivió.",
  "severity.warning": "No se perdió nada.",
  "settle.again": "Si vuelve a ocurrir cuando este PC está libre.",
  "settle.sleep-log":
    "El registro de suspensiones del PC: powercfg /sleepstudy (Windows), pmset -g log (Mac), journalctl (Linux).",
  "settle.cpu-counter": "Un registro del uso de CPU a esa hora.",
  "settle.without-gadgets": "El mismo escritorio sin gadgets de terceros.",
  "settle.tab-visible": "Si la pestaña del escritorio estaba visible a esa hora.",
  "settle.client-log": "El registro del cliente de ese minuto.",
  "settle.vitals":
    "CPU y estado de los procesos del navegador a esa hora, cuando Boshscope está en el mismo PC.",
  "settle.sso-log": "Registro Desktop-webservices: SSO_API_ERROR, API_ERROR_DETAIL.",
  "settle.second-path":
    "Una captura en el servidor: los mismos números de solicitud llegando dos veces.",
  "settle.trust-ca": "Si el navegador muestra un aviso de certificado para ese puerto.",
  "settle.ntp": "utils ntp status en el servidor, y la fuente de hora del PC.",
  "settle.other-network": "La misma prueba desde otra red.",
  "settle.firewall-log": "El registro del cortafuegos de ese minuto.",
  "settle.wireshark": "Una captura en el lado del servidor: quién envió el RST o FIN.",
  "settle.traceroute": "Un traceroute mientras dura.",
  "settle.other-port": "Si el otro puerto del host responde mientras tanto.",
  "settle.openfire-info":
    "openfire/info.log de ese minuto: Openfire stopped, HTTP bind service started, Closing idle session.",
  "settle.service-list": "utils service list: cuándo arrancó el servicio.",
  "settle.hprof": "*.hprof en /desktop/logs/openfire, y utils core active list.",
  "settle.tomcat": "Si Cisco Finesse Tomcat está en marcha: utils service list.",
  "settle.cti-log":
    "Registro Desktop-webservices: CTI_CONNECTION_LOST, CTI_CONNECTION_ESTABLISHED.",
  "settle.uptime": "show status en el nodo: desde cuándo está encendido.",
  "settle.capture": "Una captura en el PC del agente: si estaba dormido, congelado o sin red.",
  "consequence.closed-404": "El servidor había cerrado la sesión: respondió 404.",
  "consequence.closed-told": "El servidor terminó la sesión.",
  "consequence.closed-by-clock":
    "El servidor cierra la sesión: como pronto a las {earliest}, como tarde a las {latest}.",
  "consequence.closed-log": "El registro del servidor: sesión inactiva cerrada.",
  "consequence.forced-logout":
    "60 s después de perderse su presencia se cierra la sesión del agente, motivo 255: UCCX Desconectado; UCCE No preparado o desconectado, hasta 180 s después de morir el cliente.",
  "consequence.forced-logout-log":
    "El registro del servidor: solicitud de cierre de sesión a CTI, motivo {reason}, {seconds} s después de cerrarse la sesión.",
  "consequence.gives-up":
    "La biblioteca del cliente ({library}) se rinde {seconds} s después del primer fallo.",
  "before.session": "La sesión llevaba {seconds} s ({library}).",
  "before.gaps": "Antes hubo {count} silencios más cortos.",
  "before.bad-character": "Había pasado un carácter que XML prohíbe.",
  "revised.cause": "Nueva evidencia: {to} lo explica mejor que {from}.",
  "revised.disconnect": "Al final la sesión se perdió.",
  "revised.near-miss": "La sesión se recuperó.",
  "revised.warning": "No se perdió nada.",
  "revised.surer": "Más evidencia dice lo mismo.",
  "revised.less-sure": "Algo habla en contra.",
};
