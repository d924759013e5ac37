/** Causes in English: what each is called, what it means, and what to do about it. */
export const causesEn = {
  "title.F0": "{who} lost the connection to {host}:{port}; the evidence fits more than one cause",
  "title.F1": "Something between {who} and {host} blocks port {port}",
  "title.F2": "Something between {who} and {host} throttles or cuts port {port}",
  "title.F3": "The network between {who} and {host} lost the traffic",
  "title.F4": "{who}: the desktop's tab stopped asking {host} for {seconds} s",
  "title.F5":
    "{who}: the browser slowed the hidden desktop tab; it did not ask {host} for {seconds} s",
  "title.F6": "{who}: the PC slept; nothing was asked of {host} for {seconds} s",
  "title.F7": "{who}: the PC had no CPU left; the desktop did not ask {host} for {seconds} s",
  "title.F8": "{who}: a gadget's requests kept the desktop from asking {host} for {seconds} s",
  "title.F9": "The clocks of {host} and of {who} differ",
  "title.F10": "{who}: the certificate of {host}:{port} is not trusted",
  "title.F11": "The Notification Service on {host} was stopped or restarted ({who})",
  "title.F12": "The Notification Service on {host} crashed or hangs ({who})",
  "title.F13": "A forbidden XML character brought down the services on {host} ({who})",
  "title.F14": "Finesse Tomcat on {host} is down ({who})",
  "title.F15": "{host} is OUT_OF_SERVICE: CTI or another part it needs is down ({who})",
  "title.F16": "All CTIManager providers of {host} are down ({who})",
  "title.F17": "The node {host} went down or was restarted ({who})",
  "title.F18": "{host} dropped the session of {who}",
  "title.F18-idle": "{who} stopped asking {host}; the server closed the idle session",
  "title.F19": "{who} signed in a second time elsewhere; {host} ended the older session",
  "title.F20": "{host} refused the credentials of {who}",
  "title.F21": "{who} uses a browser that is not supported",
  "title.F22": "{host} ended the session of {who} over its request ids",
  "title.F23": "The reverse proxy in front of {host} shut {who} out",
  "title.F24": "Boshscope itself disturbed the connection of {who} to {host}",
  "title.F25": "Caused by fault rule {rules}: {who} and {host}",
  "means.F0": "The traffic alone does not tell who broke it.",
  "means.F1":
    "Connections to port {port} get no answer from the network while the other Finesse port works: a firewall or security product blocks it.",
  "means.F2":
    "Polls are cut or delayed on the way although the server keeps the session: a firewall, VPN or proxy between limits or ages this port.",
  "means.F3":
    "Requests go out and nothing comes back, on any port of this host: packets are lost between this PC and the server.",
  "means.F4":
    "The server had answered; the next request was the browser's to send, and it did not. The time between an answer and the next request belongs to the client.",
  "means.F5":
    "Chrome runs the timers of a hidden tab once a second, and once a minute after five minutes. The silences have that rhythm.",
  "means.F6": "The whole PC, not just the tab, was silent: it was asleep or suspended.",
  "means.F7":
    "Every program on this PC had to wait for the processor, the desktop's tab among them.",
  "means.F8":
    "The silence begins with a burst of requests from a gadget: the page was busy with them, or the browser's connections were.",
  "means.F9":
    "No timer of the connection depends on it, but times in logs do not match, and it confuses everybody who reads them.",
  "means.F10":
    'The TLS handshake is refused before any request, so the desktop waits at "Establishing encrypted connection..." or its polls never begin.',
  "means.F11":
    "Held polls came back before their time, then the port refused or no session was known any more, while the rest of the node worked: the service went down in order.",
  "means.F12":
    "Connections were cut in the middle, or are accepted and never answered: the service died or hangs.",
  "means.F13":
    "Shortly before, a message with a character that XML 1.0 forbids passed (defects CSCva72280 and CSCva72325).",
  "means.F14":
    "Port {port} fails while polls go on: the web application is down, the Notification Service is not.",
  "means.F15":
    "Both ports answer, and the answers say OUT_OF_SERVICE. Agents come back when CTI does: after 35 to 120 s as a rule.",
  "means.F16": "CTIManager is needed for agents' phones.",
  "means.F17":
    "Both ports of this node fell together: it was restarted, switched over or lost power.",
  "means.F18":
    "The server ended this one session by itself; nobody else was hit, and the client had asked in time.",
  "means.F18-idle":
    "Openfire closes a session that sent no request for its threshold; the agent's presence is lost at once and the agent is logged out 60 s later, reason 255.",
  "means.F19":
    "Only one desktop per user is allowed on the Notification Service. The one that signs in last wins.",
  "means.F20": "The user, the password or the single sign-on token is not accepted.",
  "means.F21": "It cannot be told on the wire; the compatibility matrix tells.",
  "means.F22":
    "Each request has a number one higher than the last. They skipped, came twice or came too quickly: another copy of the client, a duplicating proxy, or a defect.",
  "means.F23":
    "After too many failed sign-ins its guard blocks the address for some time (30 minutes, for example).",
  "means.F24":
    "Boshscope broke this exchange or was too late to pass it on. Do not blame client, network or server by it.",
  "means.F25":
    "A rule armed in Boshscope changed this traffic on purpose. Nothing else is to blame.",
  "advice.collect-logs":
    "Collect the server's logs: `file get activelog /desktop recurs compress` (CLI), or RTMT.",
  "advice.notification-debug":
    "Reproduce with debug logging: `utils finesse notification logging enable` (UCCE), `utils uccx notification-service log enable` (UCCX); switch it off afterwards. A restart of the service switches it off too.",
  "advice.client-logs":
    "Collect the client's log: the browser's console, Send Error Report, or sign in at https://FQDN/desktop/locallog.",
  "advice.firewall-rules":
    "Review the firewall's rules and logs: TCP 7443 (8445 from 12.6 on) must be neither blocked nor throttled.",
  "advice.firewall-idle":
    "Compare the age at which polls are cut with the idle and session limits of every firewall, VPN and proxy on the way; 60 s at least are needed.",
  "advice.test-port":
    "Test the port from the agent's PC: `Test-NetConnection SERVER -Port 7443` (Windows), `nc -vz SERVER 7443` (Mac, Linux); then from another network.",
  "advice.traceroute":
    "Look at the path: `tracert SERVER` (Windows), `traceroute SERVER` (Mac, Linux).",
  "advice.interfaces":
    "Check every device on the way for drops: `show interfaces` (Cisco IOS), input and output queue drops.",
  "advice.wifi":
    "On Wi-Fi or VPN, repeat by cable and without VPN: `netsh wlan show interfaces` shows the signal (Windows).",
  "advice.drift-latency":
    "Read the line Drift … Network Latency (round trip) in the client's log: it is written each minute.",
  "advice.tabs-windows":
    "Look at the agent's other tabs and windows: streaming, CRM clients, other real-time pages; close what is not needed.",
  "advice.restart-browser": "Close the browser at the end of the day, and leave its cache enabled.",
  "advice.supported-browser":
    "Check the browser's version against the compatibility matrix of UCCE or UCCX.",
  "advice.keep-visible":
    "Keep the desktop's tab visible in a window of its own, or exempt it from timer throttling (Chrome policy IntensiveWakeUpThrottlingEnabled = false).",
  "advice.sleep-settings":
    "Lengthen the sleep timer: `powercfg /change standby-timeout-ac 0` (Windows), `sudo pmset -c sleep 0` (Mac); `powercfg /sleepstudy` shows past sleep.",
  "advice.sign-out-first":
    "Agents sign out of Finesse before they close the lid or lock the PC away.",
  "advice.cpu-windows":
    'Watch CPU and memory (Windows PowerShell): Get-Counter -Counter "\\Processor(_Total)\\% Processor Time","\\Memory\\Available MBytes","\\Memory\\% Committed Bytes In Use" -SampleInterval 2 -Continuous',
  "advice.cpu-mac": "Watch CPU and memory (Mac): top -o CPU, top -o MEM.",
  "advice.shared-host":
    "On Remote Desktop, XenApp or XenDesktop, compare with fewer users at a time and give the host enough CPU and memory.",
  "advice.remove-gadgets":
    "Test the desktop with all third-party gadgets removed; put them back one by one.",
  "advice.ntp-server": "On the publisher: `utils ntp status`; the stratum should be 4 or better.",
  "advice.ntp-client":
    "On the PC: `w32tm /query /status` (Windows), `sntp SERVER` (Mac), `chronyc tracking` (Linux).",
  "advice.trust-certificate":
    "Trust the certificate in the agent's browser (for Boshscope's own: certs/README.md tells how, boshscope browser does it by itself).",
  "advice.both-nodes":
    "Accept both ports, 8445 and 7443, of both nodes: before 12.5 their certificates may differ.",
  "advice.service-status":
    "On the server: `utils service list`; look for Cisco Finesse Notification Service (UCCX: Cisco Unified CCX Notification Service).",
  "advice.who-stopped":
    'Look in openfire/info.log for "Openfire stopped" and "HTTP bind service started", and ask who did it.',
  "advice.service-restart":
    "If it hangs, restart it in a quiet hour: `utils service restart Cisco Finesse Notification Service`.",
  "advice.heap-dump":
    "Look for *.hprof in /desktop/logs/openfire: file list activelog /desktop/logs/openfire/*.hprof; send it to Cisco TAC.",
  "advice.invalid-xml-bug":
    "Check the release for CSCva72280 and CSCva72325, and find where the character came from: a call variable, a name, a queue.",
  "advice.event-viewer":
    "Collect the Event Viewer Application Log in RTMT: System, Tools, Trace and Log Central, Collect Files.",
  "advice.tomcat-status":
    "On the server: `utils service list`; look for Cisco Finesse Tomcat, and restart it in a quiet hour: `utils service restart Cisco Finesse Tomcat`.",
  "advice.cti-status":
    "Check the CTI server or PG (UCCE), or the UCCX engine, and the network between it and Finesse.",
  "advice.ctimanager":
    "Check Cisco CTIManager on the CUCM servers that are CTI providers; `utils core active list` shows whether it crashed.",
  "advice.who-restarted":
    "Ask who restarted the node; `show status` and `file view install system-history.log` tell when it came up.",
  "advice.one-desktop": "Sign in on one PC and in one browser only; close the forgotten desktop.",
  "advice.credentials":
    "Check user and password; with single sign-on, sign in again and check the token's lifetime.",
  "advice.sso-logs": "Look for SSO_API_ERROR in the Desktop-webservices log.",
  "advice.one-path":
    "Look for a second copy of the desktop or a proxy that repeats requests; http-bind must never be retried by a proxy.",
  "advice.unlock-address":
    "Ask the reverse proxy's administrator to release the address, and find what signs in wrongly again and again.",
  "advice.boshscope-load":
    "Give the PC with Boshscope more CPU, or let it decrypt fewer hosts; /api/health shows its own lag.",
  "advice.boshscope-report": "If it happens again, please report it with the capture.",
  "advice.disarm-rule": "Disarm the rule on the Faults screen to let traffic pass as it is.",
} as const;
