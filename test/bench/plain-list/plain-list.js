/** The least a windowed list can be: no framework, recycled rows, the same feed and the same cells. The measure for the real page. */
const rowHeight = 22;
const slots = 70;
const list = document.getElementById("list");
const space = document.getElementById("space");
const holder = document.getElementById("rows");
const rows = [];
const byId = new Map();
const elements = [];
let following = true;
let scheduled = false;
let drawnScroll = -1;

for (let slot = 0; slot < slots; slot += 1) {
  const element = document.createElement("div");
  element.className = "row";
  for (let cell = 0; cell < 12; cell += 1) element.append(document.createElement("span"));
  elements.push(element);
}
holder.append(...elements);

function cells(row) {
  const { outcome, sizes } = row;
  return [
    String(row.number),
    outcome.kind === "responded" ? String(outcome.status) : "-",
    row.protocol,
    row.method,
    row.host,
    row.path,
    String(sizes.responseBody),
    row.caching ?? "",
    row.contentType ?? "",
    row.holdMs === null ? "" : row.holdMs.toFixed(1),
    row.agent ?? "",
    row.at.slice(11, 23),
  ];
}

function draw() {
  scheduled = false;
  space.style.height = `${rows.length * rowHeight}px`;
  if (following) list.scrollTop = rows.length * rowHeight;
  const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 6);
  holder.style.transform = `translateY(${first * rowHeight}px)`;
  drawnScroll = list.scrollTop;
  for (let slot = 0; slot < slots; slot += 1) {
    const element = elements[slot];
    const row = rows[first + slot];
    element.style.display = row === undefined ? "none" : "";
    if (row === undefined || element.shown === row) continue;
    element.shown = row;
    cells(row).forEach((text, cell) => {
      element.children[cell].textContent = text;
    });
  }
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(draw);
}

function take(batch) {
  for (const row of batch) {
    const at = byId.get(row.id);
    if (at === undefined) {
      byId.set(row.id, rows.length);
      rows.push(row);
    } else rows[at] = row;
  }
  schedule();
}

list.addEventListener("scroll", () => {
  if (Math.abs(list.scrollTop - drawnScroll) < 1) return;
  following = list.scrollTop + list.clientHeight >= rows.length * rowHeight - 2;
  schedule();
});

async function begin() {
  let since = 0;
  for (;;) {
    const response = await fetch(`/api/exchanges?since=${since}&limit=1000`);
    const page = await response.json();
    take(page.exchanges);
    since = page.next;
    if (!page.more) break;
  }
  const socket = new WebSocket(`ws://${location.host}/api/feed?since=${since}`);
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    if (message.kind === "rows") take(message.rows);
  });
  document.body.dataset.ready = "yes";
}

void begin();
