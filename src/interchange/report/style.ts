/** The report's look: for the screen and for paper, without a file or a font from elsewhere. */
export const style = `
:root{color-scheme:light;--ink:#17202a;--soft:#5b6673;--line:#d8dee5;--paper:#fff;--bad:#b3261e;--warn:#8a5a00;--good:#1b6e4b;--flag:#1f4e9e}
*{box-sizing:border-box}
body{margin:0;background:#f2f4f7;color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 36px 60px;background:var(--paper)}
h1{font-size:25px;line-height:1.2;margin:0 0 4px}
h2{font-size:19px;margin:34px 0 10px;padding-bottom:4px;border-bottom:2px solid var(--ink)}
h3{font-size:17px;line-height:1.35;margin:0 0 8px}
h4{font-size:12.5px;letter-spacing:.05em;text-transform:uppercase;color:var(--soft);margin:18px 0 5px}
p{margin:6px 0}
.meta,.note{color:var(--soft)}
article{border:1px solid var(--line);border-left:6px solid var(--soft);border-radius:5px;padding:16px 20px;margin:14px 0 22px}
article.disconnect{border-left-color:var(--bad)}
article.near-miss{border-left-color:var(--warn)}
.chips{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 10px}
.chip{border:1px solid var(--line);border-radius:12px;padding:1px 10px;font-size:13px;background:#f7f9fb}
.chip.disconnect{color:#fff;background:var(--bad);border-color:var(--bad)}
.chip.near-miss{color:#fff;background:var(--warn);border-color:var(--warn)}
ul{margin:4px 0;padding-left:20px}
li{margin:2px 0;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 18px;margin:8px 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--ink);padding:4px 8px;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:5px 8px;vertical-align:top;overflow-wrap:anywhere}
td.time,td.number,td.word{white-space:nowrap}
td.number{text-align:right}
tr.trigger td{background:#fdf1f0}
code{font:12.5px/1.45 ui-monospace,Consolas,Menlo,monospace;background:#f2f4f7;border:1px solid var(--line);border-radius:3px;padding:1px 5px;overflow-wrap:anywhere}
figure{margin:8px 0}
figcaption{color:var(--soft);font-size:13px}
svg{display:block;width:100%;height:auto;font:12px system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
svg .grid{stroke:#e6eaef}svg .base{stroke:#c4ccd5}
svg .tick,svg .row{fill:#5b6673}
svg .good{fill:#3f8f6b}svg .good.idle{fill:#a9cfbd}
svg .bad{fill:#b3261e}svg .pending{fill:#d99a1c}svg .fault{fill:#7b3fa0}
svg .pause{fill:#f6d9d6;stroke:#b3261e;stroke-width:.8;stroke-dasharray:3 2}
svg .pause-text{fill:#8c1d16;font-size:11px}
svg .trigger{stroke:#b3261e;stroke-width:1.6}svg .trigger-text{fill:#b3261e;font-weight:700}
svg .flag{fill:#1f4e9e}svg .flag-text{fill:#fff;font-size:10px;font-weight:700}
@media print{body{background:#fff}main{padding:0;max-width:none}article{break-inside:auto}table,figure{break-inside:avoid}}
`;
