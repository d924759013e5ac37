/** Causes in Spanish. */
import type { causesEn } from "./en-causes.ts";

export const causesEs: Readonly<Record<keyof typeof causesEn, string>> = {
  "title.F0": "{who} perdió la conexión con {host}:{port}; la evidencia admite más de una causa",
  "title.F1": "Algo entre {who} y {host} bloquea el puerto {port}",
  "title.F2": "Algo entre {who} y {host} limita o corta el puerto {port}",
  "title.F3": "La red entre {who} y {host} perdió el tráfico",
  "title.F4": "{who}: la pestaña del escritorio dejó de preguntar a {host} durante {seconds} s",
  "title.F5":
    "{who}: el navegador frenó la pestaña oculta del escritorio; no preguntó a {host} durante {seconds} s",
  "title.F6": "{who}: el PC estuvo suspendido; nada se preguntó a {host} durante {seconds} s",
  "title.F7":
    "{who}: el PC se quedó sin CPU; el escritorio no preguntó a {host} durante {seconds} s",
  "title.F8":
    "{who}: las solicitudes de un gadget impidieron preguntar a {host} durante {seconds} s",
  "title.F9": "Los relojes de {host} y de {who} difieren",
  "title.F10": "{who}: el certificado de {host}:{port} no es de confianza",
  "title.F11": "El Notification Service de {host} se detuvo o se reinició ({who})",
  "title.F12": "El Notification Service de {host} falló o está bloqueado ({who})",
  "title.F13": "Un carácter XML prohibido derribó los servicios de {host} ({who})",
  "title.F14": "Finesse Tomcat de {host} está caído ({who})",
  "title.F15": "{host} está OUT_OF_SERVICE: CTI u otra parte necesaria está caída ({who})",
  "title.F16": "Todos los proveedores CTIManager de {host} están caídos ({who})",
  "title.F17": "El nodo {host} cayó o se reinició ({who})",
  "title.F18": "{host} abandonó la sesión de {who}",
  "title.F18-idle": "{who} dejó de preguntar a {host}; el servidor cerró la sesión inactiva",
  "title.F19": "{who} inició sesión otra vez en otro sitio; {host} terminó la sesión más antigua",
  "title.F20": "{host} rechazó las credenciales de {who}",
  "title.F21": "{who} usa un navegador no admitido",
  "title.F22": "{host} terminó la sesión de {who} por sus números de solicitud",
  "title.F23": "El proxy inverso delante de {host} dejó fuera a {who}",
  "title.F24": "El propio Boshscope perturbó la conexión de {who} con {host}",
  "title.F25": "Causado por la regla de fallo {rules}: {who} y {host}",
  "means.F0": "El tráfico por sí solo no dice quién la rompió.",
  "means.F1":
    "Las conexiones al puerto {port} no reciben respuesta de la red mientras el otro puerto de Finesse funciona: un cortafuegos o producto de seguridad lo bloquea.",
  "means.F2":
    "Los sondeos se cortan o retrasan por el camino aunque el servidor conserva la sesión: un cortafuegos, VPN o proxy intermedio limita o envejece este puerto.",
  "means.F3":
    "Las solicitudes salen y nada vuelve, en ningún puerto de este host: se pierden paquetes entre este PC y el servidor.",
  "means.F4":
    "El servidor había respondido; la siguiente solicitud le tocaba al navegador y no la envió. El tiempo entre una respuesta y la siguiente solicitud es del cliente.",
  "means.F5":
    "Chrome ejecuta los temporizadores de una pestaña oculta una vez por segundo, y una vez por minuto tras cinco minutos. Los silencios tienen ese ritmo.",
  "means.F6": "Todo el PC, no solo la pestaña, estuvo en silencio: estaba dormido o suspendido.",
  "means.F7":
    "Todos los programas de este PC tuvieron que esperar al procesador, también la pestaña del escritorio.",
  "means.F8":
    "El silencio empieza con una ráfaga de solicitudes de un gadget: ocuparon la página o las conexiones del navegador.",
  "means.F9":
    "Ningún temporizador de la conexión depende de ello, pero las horas de los registros no coinciden y confunden a quien los lee.",
  "means.F10":
    "El saludo TLS se rechaza antes de cualquier solicitud; el escritorio se queda en «Establishing encrypted connection...» o sus sondeos nunca empiezan.",
  "means.F11":
    "Los sondeos retenidos volvieron antes de tiempo y después el puerto rechazó o ya no conocía ninguna sesión, mientras el resto del nodo funcionaba: el servicio se detuvo en orden.",
  "means.F12":
    "Las conexiones se cortaron a medias, o se aceptan y nunca se responden: el servicio murió o está bloqueado.",
  "means.F13":
    "Poco antes pasó un mensaje con un carácter que XML 1.0 prohíbe (defectos CSCva72280 y CSCva72325).",
  "means.F14":
    "El puerto {port} falla mientras los sondeos siguen: la aplicación web está caída, el Notification Service no.",
  "means.F15":
    "Ambos puertos responden, y dicen OUT_OF_SERVICE. Los agentes vuelven cuando vuelve CTI: por lo general tras 35 a 120 s.",
  "means.F16": "CTIManager es necesario para los teléfonos de los agentes.",
  "means.F17":
    "Ambos puertos de este nodo cayeron a la vez: se reinició, conmutó o perdió la corriente.",
  "means.F18":
    "El servidor terminó esta única sesión por sí mismo; nadie más se vio afectado y el cliente había preguntado a tiempo.",
  "means.F18-idle":
    "Openfire cierra una sesión que no envió ninguna solicitud durante su umbral; la presencia del agente se pierde al instante y su sesión se cierra 60 s después, motivo 255.",
  "means.F19":
    "El Notification Service solo admite un escritorio por usuario. Gana el que inicia sesión el último.",
  "means.F20": "No se acepta el usuario, la contraseña o el token de inicio de sesión único.",
  "means.F21": "No se ve en el tráfico; lo dice la matriz de compatibilidad.",
  "means.F22":
    "Cada solicitud lleva un número uno mayor que la anterior. Saltaron, llegaron dos veces o demasiado seguidas: otra copia del cliente, un proxy que duplica o un defecto.",
  "means.F23":
    "Tras demasiados inicios de sesión fallidos, su protección bloquea la dirección un tiempo (por ejemplo 30 minutos).",
  "means.F24":
    "Boshscope rompió este intercambio o lo pasó demasiado tarde. No culpe por él al cliente, a la red ni al servidor.",
  "means.F25":
    "Una regla armada en Boshscope cambió este tráfico a propósito. Nadie más tiene la culpa.",
  "advice.collect-logs":
    "Recopile los registros del servidor: `file get activelog /desktop recurs compress` (CLI), o RTMT.",
  "advice.notification-debug":
    "Reproduzca con registro de depuración: `utils finesse notification logging enable` (UCCE), `utils uccx notification-service log enable` (UCCX); desactívelo después. Reiniciar el servicio también lo desactiva.",
  "advice.client-logs":
    "Recopile el registro del cliente: la consola del navegador, Send Error Report, o inicie sesión en https://FQDN/desktop/locallog.",
  "advice.firewall-rules":
    "Revise reglas y registros del cortafuegos: TCP 7443 (8445 desde 12.6) no debe bloquearse ni limitarse.",
  "advice.firewall-idle":
    "Compare la edad a la que se cortan los sondeos con los límites de inactividad y sesión de cada cortafuegos, VPN y proxy del camino; hacen falta al menos 60 s.",
  "advice.test-port":
    "Pruebe el puerto desde el PC del agente: `Test-NetConnection SERVIDOR -Port 7443` (Windows), `nc -vz SERVIDOR 7443` (Mac, Linux); después desde otra red.",
  "advice.traceroute":
    "Mire el camino: `tracert SERVIDOR` (Windows), `traceroute SERVIDOR` (Mac, Linux).",
  "advice.interfaces":
    "Busque descartes en cada dispositivo del camino: `show interfaces` (Cisco IOS), caídas de cola de entrada y salida.",
  "advice.wifi":
    "Con Wi-Fi o VPN, repita con cable y sin VPN: `netsh wlan show interfaces` muestra la señal (Windows).",
  "advice.drift-latency":
    "Lea la línea Drift … Network Latency (round trip) del registro del cliente: se escribe cada minuto.",
  "advice.tabs-windows":
    "Mire las otras pestañas y ventanas del agente: vídeo, clientes CRM, otras páginas en tiempo real; cierre lo que no haga falta.",
  "advice.restart-browser": "Cierre el navegador al final de la jornada y deje activada su caché.",
  "advice.supported-browser":
    "Compruebe la versión del navegador en la matriz de compatibilidad de UCCE o UCCX.",
  "advice.keep-visible":
    "Mantenga visible la pestaña del escritorio en una ventana propia, o exímala del freno de temporizadores (política de Chrome IntensiveWakeUpThrottlingEnabled = false).",
  "advice.sleep-settings":
    "Alargue el temporizador de suspensión: `powercfg /change standby-timeout-ac 0` (Windows), `sudo pmset -c sleep 0` (Mac); `powercfg /sleepstudy` muestra suspensiones pasadas.",
  "advice.sign-out-first":
    "Los agentes cierran la sesión de Finesse antes de bajar la tapa o dejar el PC.",
  "advice.cpu-windows":
    'Vigile CPU y memoria (Windows PowerShell): Get-Counter -Counter "\\Processor(_Total)\\% Processor Time","\\Memory\\Available MBytes","\\Memory\\% Committed Bytes In Use" -SampleInterval 2 -Continuous',
  "advice.cpu-mac": "Vigile CPU y memoria (Mac): top -o CPU, top -o MEM.",
  "advice.shared-host":
    "En Remote Desktop, XenApp o XenDesktop, compare con menos usuarios a la vez y dé al host CPU y memoria suficientes.",
  "advice.remove-gadgets":
    "Pruebe el escritorio sin ningún gadget de terceros; vuelva a ponerlos uno a uno.",
  "advice.ntp-server": "En el publicador: `utils ntp status`; el estrato debe ser 4 o inferior.",
  "advice.ntp-client":
    "En el PC: `w32tm /query /status` (Windows), `sntp SERVIDOR` (Mac), `chronyc tracking` (Linux).",
  "advice.trust-certificate":
    "Confíe en el certificado en el navegador del agente (para el de Boshscope: certs/README.md dice cómo, boshscope browser lo hace solo).",
  "advice.both-nodes":
    "Acepte ambos puertos, 8445 y 7443, de ambos nodos: antes de 12.5 sus certificados pueden diferir.",
  "advice.service-status":
    "En el servidor: `utils service list`; busque Cisco Finesse Notification Service (UCCX: Cisco Unified CCX Notification Service).",
  "advice.who-stopped":
    "Busque en openfire/info.log «Openfire stopped» y «HTTP bind service started», y pregunte quién lo hizo.",
  "advice.service-restart":
    "Si está bloqueado, reinícielo a una hora tranquila: `utils service restart Cisco Finesse Notification Service`.",
  "advice.heap-dump":
    "Busque *.hprof en /desktop/logs/openfire: file list activelog /desktop/logs/openfire/*.hprof; envíelo a Cisco TAC.",
  "advice.invalid-xml-bug":
    "Compruebe si su versión tiene CSCva72280 y CSCva72325, y busque de dónde vino el carácter: una variable de llamada, un nombre, una cola.",
  "advice.event-viewer":
    "Recopile en RTMT el Event Viewer Application Log: System, Tools, Trace and Log Central, Collect Files.",
  "advice.tomcat-status":
    "En el servidor: `utils service list`; busque Cisco Finesse Tomcat y reinícielo a una hora tranquila: `utils service restart Cisco Finesse Tomcat`.",
  "advice.cti-status":
    "Compruebe el servidor CTI o el PG (UCCE), o el motor UCCX, y la red entre él y Finesse.",
  "advice.ctimanager":
    "Compruebe Cisco CTIManager en los servidores CUCM que son proveedores CTI; `utils core active list` muestra si falló.",
  "advice.who-restarted":
    "Pregunte quién reinició el nodo; `show status` y `file view install system-history.log` dicen cuándo arrancó.",
  "advice.one-desktop":
    "Inicie sesión en un solo PC y un solo navegador; cierre el escritorio olvidado.",
  "advice.credentials":
    "Compruebe usuario y contraseña; con inicio de sesión único, inicie sesión de nuevo y mire la vida del token.",
  "advice.sso-logs": "Busque SSO_API_ERROR en el registro Desktop-webservices.",
  "advice.one-path":
    "Busque una segunda copia del escritorio o un proxy que repita solicitudes; un proxy no debe reintentar nunca http-bind.",
  "advice.unlock-address":
    "Pida al administrador del proxy inverso que libere la dirección, y busque qué inicia sesión mal una y otra vez.",
  "advice.boshscope-load":
    "Dé más CPU al PC con Boshscope, o que descifre menos hosts; /api/health muestra su propio retraso.",
  "advice.boshscope-report": "Si vuelve a ocurrir, comuníquelo con la captura.",
  "advice.disarm-rule":
    "Desarme la regla en la pantalla de fallos para que el tráfico pase tal cual.",
};
