/* The load generator: one thread, epoll and OpenSSL. It speaks CONNECT through a proxy and TLS inside, and prints JSON lines:
   events while it runs, and one line of results at its end. Every latency is in microseconds. See load-generator.ts for the flags. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define HEAD_LIMIT 16384
#define READ_CHUNK 131072
/* A browser's, in CONNECT too. */
#define USER_AGENT "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\r\n"

enum mode { MODE_CLOSED, MODE_PACED, MODE_CONNECTIONS, MODE_HOSTS, MODE_HOLD };
enum state { OFF, TCP, CONNECT_WRITE, CONNECT_READ, HANDSHAKE, READY, SEND, HEAD, BODY };
enum chunk { CHUNK_NONE, CHUNK_SIZE, CHUNK_EXTENSION, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILER };

struct conn {
  int fd, index, fresh;
  uint32_t events;
  enum state state;
  SSL *ssl;
  uint64_t opened, sent;
  char head[HEAD_LIMIT];
  size_t head_len, written;
  int status, close_after, until_end;
  uint64_t body_left, body_read;
  enum chunk chunk;
  uint64_t chunk_left;
  int trailer_len;
};

static struct {
  enum mode mode;
  const char *proxy_host, *host, *host_prefix, *path;
  int proxy_port, port, connections, count, first_host;
  double rate, seconds, warmup, drain;
} opt = {.mode = MODE_CLOSED, .proxy_port = 0, .connections = 1, .path = "/", .host = "127.0.0.1", .seconds = 5, .drain = 8};

static int poller, timer = -1, stopping, open_now, in_flight, opened_total, sent_total;
static struct conn *conns;
static SSL_CTX *tls;
static uint64_t started, measure_from, measure_to, last_done;
static uint64_t served, counted, errors, reconnects, bad_status, body_bytes, schedule_next, schedule_made;
static uint32_t *samples;
static size_t sample_count, sample_space;
static char first_error[256];
static unsigned char chunk_buffer[READ_CHUNK];
static char connect_text[512], request_text[1024];
static int connect_len, request_len;
static struct { uint64_t *at; size_t head, tail, space; } backlog;

static uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void die(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(2);
}

static void note_error(const char *what, long detail) {
  if (!first_error[0]) {
    unsigned long code = ERR_peek_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    snprintf(first_error, sizeof first_error, "%s (%ld%s%s)", what, detail, reason ? ", " : "", reason ? reason : "");
  }
  ERR_clear_error();
}

static void add_sample(uint64_t us) {
  if (sample_count == sample_space) {
    sample_space = sample_space ? sample_space * 2 : 65536;
    samples = realloc(samples, sample_space * sizeof *samples);
    if (!samples) die("out of memory");
  }
  samples[sample_count++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static void want(struct conn *c, uint32_t events) {
  if (c->events == events) return;
  struct epoll_event e = {.events = events, .data.ptr = c};
  if (epoll_ctl(poller, c->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, c->fd, &e) < 0) die("epoll_ctl");
  c->events = events;
}

static void drop(struct conn *c) {
  if (c->state == OFF) return;
  if (c->state >= SEND) in_flight--;
  if (c->ssl) {
    SSL_set_quiet_shutdown(c->ssl, 0);
    if (c->state == READY) SSL_shutdown(c->ssl);
    SSL_free(c->ssl);
    c->ssl = NULL;
  }
  close(c->fd);
  c->fd = -1;
  c->events = 0;
  c->state = OFF;
  open_now--;
  ERR_clear_error();
}

static void make_texts(const char *host) {
  connect_len = snprintf(connect_text, sizeof connect_text, "CONNECT %s:%d HTTP/1.1\r\nHost: %s:%d\r\nProxy-Connection: keep-alive\r\n" USER_AGENT "\r\n", host, opt.port, host, opt.port);
  request_len = snprintf(request_text, sizeof request_text,
                         "GET %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: keep-alive\r\nAccept: */*\r\n" USER_AGENT "\r\n",
                         opt.path, host, opt.port);
}

/* A held poll as a desktop sends it: POST, BOSH body, its own sid and rid. */
static void make_poll(const struct conn *c) {
  char body[256];
  int length = snprintf(body, sizeof body, "<body rid='%d' sid='bench%06d' xmlns='http://jabber.org/protocol/httpbind'/>", 100000 + c->index, c->index);
  request_len = snprintf(request_text, sizeof request_text,
                         "POST %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: keep-alive\r\n" USER_AGENT "Content-Type: text/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s",
                         opt.path, opt.host, opt.port, length, body);
}

static void open_conn(struct conn *c) {
  struct sockaddr_in to = {.sin_family = AF_INET};
  const char *address = opt.proxy_port ? opt.proxy_host : opt.host;
  char numbered[64];
  if (opt.mode == MODE_HOSTS) {
    snprintf(numbered, sizeof numbered, "%s%d", opt.host_prefix, opt.first_host + opened_total);
    make_texts(numbered);
    if (!opt.proxy_port) address = numbered;
  }
  to.sin_port = htons((uint16_t)(opt.proxy_port ? opt.proxy_port : opt.port));
  if (inet_pton(AF_INET, address, &to.sin_addr) != 1) die("not an IPv4 address");
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) die("socket");
  int yes = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  c->opened = now_us();
  c->state = TCP;
  c->events = 0;
  c->head_len = c->written = 0;
  c->fresh = 1;
  open_now++;
  opened_total++;
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) die("connect");
  want(c, EPOLLOUT);
}

static void lost(struct conn *c, const char *what, long detail) {
  note_error(what, detail);
  errors++;
  drop(c);
  if (opt.mode == MODE_HOLD || opt.mode == MODE_HOSTS) last_done = now_us();
  else if (!stopping) { reconnects++; open_conn(c); }
}

static void start_request(struct conn *c, uint64_t reference);

static void became_ready(struct conn *c) {
  c->state = READY;
  c->fresh = 0;
  want(c, EPOLLIN);
  if (stopping && opt.mode != MODE_CONNECTIONS) { if (opt.mode != MODE_HOLD) drop(c); return; }
  if (opt.mode != MODE_PACED) { start_request(c, opt.mode == MODE_CLOSED || opt.mode == MODE_HOLD ? now_us() : c->opened); return; }
  if (backlog.head != backlog.tail) start_request(c, backlog.at[backlog.head++ % backlog.space]);
}

static void finished(struct conn *c) {
  uint64_t now = now_us(), took = now - c->sent;
  served++;
  in_flight--;
  last_done = now;
  if (c->status != 200) { bad_status++; if (!first_error[0]) snprintf(first_error, sizeof first_error, "status %d", c->status); }
  if (now >= measure_from && now <= measure_to) {
    counted++;
    body_bytes += c->body_read;
    add_sample(took);
  }
  c->state = READY;
  if (opt.mode == MODE_HOLD || opt.mode == MODE_HOSTS) { drop(c); return; }
  if (opt.count && (int)served >= opt.count) stopping = 1;
  if (opt.mode == MODE_CONNECTIONS) { drop(c); if (!stopping) open_conn(c); return; }
  if (c->close_after) { drop(c); if (!stopping) { reconnects++; open_conn(c); } return; }
  if (stopping) { drop(c); return; }
  if (opt.mode == MODE_CLOSED) {
    if (opt.count && sent_total >= opt.count) return;
    start_request(c, now);
  } else if (backlog.head != backlog.tail) start_request(c, backlog.at[backlog.head++ % backlog.space]);
}

static int parse_head(struct conn *c, size_t head_end) {
  c->head[head_end] = 0;
  if (strncmp(c->head, "HTTP/1.", 7) != 0) return -1;
  c->status = atoi(c->head + 9);
  c->body_left = 0;
  c->body_read = 0;
  c->chunk = CHUNK_NONE;
  c->close_after = c->head[7] == '0';
  int has_length = 0;
  for (char *line = strstr(c->head, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n")) {
    char *name = line + 2;
    if (!strncasecmp(name, "content-length:", 15)) { c->body_left = strtoull(name + 15, NULL, 10); has_length = 1; }
    else if (!strncasecmp(name, "transfer-encoding: chunked", 26)) { c->chunk = CHUNK_SIZE; c->chunk_left = 0; }
    else if (!strncasecmp(name, "connection: close", 17)) c->close_after = 1;
  }
  c->until_end = !has_length && c->chunk == CHUNK_NONE && c->status != 204 && c->status != 304;
  if (c->until_end) c->close_after = 1;
  return 0;
}

/* Returns 1 when the body is whole, 0 when more is needed, -1 when it can't be read. */
static int take_body(struct conn *c, const unsigned char *bytes, size_t length) {
  if (c->until_end) { c->body_read += length; return 0; }
  if (c->chunk == CHUNK_NONE) {
    if (length > c->body_left) return -1;
    c->body_left -= length;
    c->body_read += length;
    return c->body_left == 0;
  }
  for (size_t i = 0; i < length;) {
    unsigned char b = bytes[i];
    switch (c->chunk) {
      case CHUNK_SIZE:
        if (b >= '0' && b <= '9') c->chunk_left = c->chunk_left * 16 + (b - '0');
        else if ((b | 32) >= 'a' && (b | 32) <= 'f') c->chunk_left = c->chunk_left * 16 + ((b | 32) - 'a' + 10);
        else if (b == ';' || b == '\r') c->chunk = CHUNK_EXTENSION;
        else return -1;
        i++;
        break;
      case CHUNK_EXTENSION:
        if (b == '\n') { c->chunk = c->chunk_left ? CHUNK_DATA : CHUNK_TRAILER; c->trailer_len = 0; }
        i++;
        break;
      case CHUNK_DATA: {
        uint64_t part = length - i < c->chunk_left ? length - i : c->chunk_left;
        c->chunk_left -= part;
        c->body_read += part;
        i += part;
        if (!c->chunk_left) c->chunk = CHUNK_DATA_END;
        break;
      }
      case CHUNK_DATA_END:
        if (b == '\n') { c->chunk = CHUNK_SIZE; c->chunk_left = 0; }
        i++;
        break;
      case CHUNK_TRAILER:
        i++;
        if (b == '\n') { if (c->trailer_len == 0) return 1; c->trailer_len = 0; }
        else if (b != '\r') c->trailer_len++;
        break;
      default: return -1;
    }
  }
  return 0;
}

static void ssl_trouble(struct conn *c, int result, const char *what) {
  int kind = SSL_get_error(c->ssl, result);
  if (kind == SSL_ERROR_WANT_READ) { want(c, EPOLLIN); return; }
  if (kind == SSL_ERROR_WANT_WRITE) { want(c, EPOLLIN | EPOLLOUT); return; }
  if (c->state == BODY && c->until_end && kind == SSL_ERROR_ZERO_RETURN) { finished(c); return; }
  if (c->state == READY) { /* an idle connection the other side ended: no loss */
    drop(c);
    if (!stopping) { reconnects++; open_conn(c); }
    return;
  }
  lost(c, what, c->state);
}

static void read_answer(struct conn *c) {
  while (c->state == READY || c->state == HEAD || c->state == BODY) {
    int got = SSL_read(c->ssl, chunk_buffer, sizeof chunk_buffer);
    if (got <= 0) { ssl_trouble(c, got, "read"); return; }
    if (c->state == READY) { lost(c, "unexpected bytes", got); return; }
    size_t used = 0;
    if (c->state == HEAD) {
      size_t before = c->head_len, room = HEAD_LIMIT - 1 - c->head_len;
      size_t part = (size_t)got < room ? (size_t)got : room;
      memcpy(c->head + c->head_len, chunk_buffer, part);
      c->head_len += part;
      char *end = memmem(c->head, c->head_len, "\r\n\r\n", 4);
      if (!end) { if (c->head_len >= HEAD_LIMIT - 1) { lost(c, "head too long", 0); return; } continue; }
      size_t head_end = (size_t)(end - c->head) + 4;
      used = head_end - before;
      char keep = c->head[head_end];
      int bad = parse_head(c, head_end);
      c->head[head_end] = keep;
      if (bad) { lost(c, "not an HTTP answer", 0); return; }
      if (c->status >= 100 && c->status < 200) { lost(c, "interim answer", c->status); return; }
      c->state = BODY;
      if (!c->until_end && c->chunk == CHUNK_NONE && c->body_left == 0) { finished(c); return; }
      if (used == (size_t)got) continue;
    }
    int whole = take_body(c, chunk_buffer + used, (size_t)got - used);
    if (whole < 0) { lost(c, "bad body", 0); return; }
    if (whole) { finished(c); return; } /* what TLS still buffers (tickets, close) is read with the next answer */
  }
}

static void push_request(struct conn *c) {
  if (opt.mode == MODE_HOLD) make_poll(c);
  int wrote = SSL_write(c->ssl, request_text, request_len);
  if (wrote <= 0) { ssl_trouble(c, wrote, "write"); return; }
  c->state = HEAD;
  want(c, EPOLLIN);
}

static void start_request(struct conn *c, uint64_t reference) {
  c->sent = reference;
  c->state = SEND;
  c->head_len = 0;
  in_flight++;
  sent_total++;
  push_request(c);
}

static void handshake(struct conn *c) {
  int done = SSL_connect(c->ssl);
  if (done == 1) became_ready(c);
  else ssl_trouble(c, done, "handshake");
}

static void begin_tls(struct conn *c) {
  c->ssl = SSL_new(tls);
  if (!c->ssl) die("SSL_new");
  SSL_set_fd(c->ssl, c->fd);
  c->state = HANDSHAKE;
  handshake(c);
}

static void on_tunnel(struct conn *c) {
  ssize_t got = recv(c->fd, c->head + c->head_len, HEAD_LIMIT - 1 - c->head_len, 0);
  if (got <= 0) { if (got < 0 && errno == EAGAIN) return; lost(c, "CONNECT not answered", got); return; }
  c->head_len += (size_t)got;
  c->head[c->head_len] = 0;
  if (!strstr(c->head, "\r\n\r\n")) return;
  int status = c->head_len > 12 ? atoi(c->head + 9) : 0;
  if (status != 200) { lost(c, "CONNECT refused", status); return; }
  begin_tls(c);
}

static void on_event(struct conn *c, uint32_t events) {
  if (c->state == TCP) {
    int problem = 0;
    socklen_t size = sizeof problem;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &problem, &size);
    if (problem) { errno = problem; lost(c, strerror(problem), problem); return; }
    want(c, EPOLLIN);
    if (!opt.proxy_port) { begin_tls(c); return; }
    if (send(c->fd, connect_text, (size_t)connect_len, MSG_NOSIGNAL) != connect_len) { lost(c, "CONNECT not sent", 0); return; }
    c->state = CONNECT_READ;
    return;
  }
  if (c->state == CONNECT_READ) on_tunnel(c);
  else if (c->state == HANDSHAKE) handshake(c);
  else if (c->state == SEND && (events & (EPOLLOUT | EPOLLIN))) push_request(c);
  else if (c->state == READY || c->state == HEAD || c->state == BODY) read_answer(c);
}

static void arm(uint64_t at) {
  uint64_t now = now_us(), in = at > now ? at - now : 1;
  struct itimerspec spec = {.it_value = {.tv_sec = (time_t)(in / 1000000), .tv_nsec = (long)(in % 1000000) * 1000}};
  timerfd_settime(timer, 0, &spec, NULL);
}

static void on_paced(uint64_t now) {
  while (schedule_next <= now && !stopping) {
    int found = 0;
    for (int i = 0; i < opt.connections && !found; i++) {
      struct conn *c = &conns[(schedule_made + (uint64_t)i) % (uint64_t)opt.connections];
      if (c->state != READY) continue;
      start_request(c, now_us());
      found = 1;
    }
    if (!found && backlog.tail - backlog.head < backlog.space) backlog.at[backlog.tail++ % backlog.space] = schedule_next;
    schedule_made++;
    schedule_next += (uint64_t)(1e6 / opt.rate);
  }
}

static void on_opening(uint64_t now) { /* ramp of held polls, or one new host after the other */
  while (opened_total < opt.count && schedule_next <= now) {
    if (opt.mode == MODE_HOSTS && open_now > 0) { schedule_next = now + 5000; break; }
    open_conn(&conns[opened_total]);
    schedule_next += (uint64_t)(1e6 / opt.rate);
    if (schedule_next < now && opt.mode == MODE_HOSTS) schedule_next = now + 10000;
  }
}

static void on_timer(void) {
  uint64_t expirations;
  if (read(timer, &expirations, sizeof expirations) < 0) return;
  uint64_t now = now_us();
  if (opt.mode == MODE_PACED) on_paced(now);
  else on_opening(now);
  if (!stopping && (opt.mode == MODE_PACED || opened_total < opt.count)) arm(schedule_next);
}

static int compare(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static double percentile(double p) {
  if (!sample_count) return 0;
  size_t at = (size_t)(p / 100 * (double)(sample_count - 1) + 0.5);
  return samples[at];
}

static void report(void) {
  uint64_t end = opt.mode == MODE_CLOSED && opt.count ? last_done : measure_to < last_done ? measure_to : last_done;
  double span = end > measure_from ? (double)(end - measure_from) / 1e6 : 0;
  if (opt.mode == MODE_CLOSED && !opt.count) span = (double)(measure_to - measure_from) / 1e6;
  if (opt.mode == MODE_CONNECTIONS) span = (double)(measure_to - measure_from) / 1e6;
  qsort(samples, sample_count, sizeof *samples, compare);
  printf("{\"event\":\"result\",\"served\":%lu,\"counted\":%lu,\"seconds\":%.4f,\"perSecond\":%.2f,\"bytesPerSecond\":%.0f,"
         "\"p50\":%.0f,\"p90\":%.0f,\"p99\":%.0f,\"max\":%.0f,\"errors\":%lu,\"reconnects\":%lu,\"badStatus\":%lu,\"unanswered\":%d,\"firstError\":",
         served, counted, span, span > 0 ? (double)counted / span : 0, span > 0 ? (double)body_bytes / span : 0, percentile(50), percentile(90),
         percentile(99), percentile(100), errors, reconnects, bad_status, in_flight);
  putchar('"');
  for (char *s = first_error; *s; s++)
    if (*s >= ' ' && *s != '"' && *s != '\\') putchar(*s);
  printf("\"}\n");
}

static void parse_flags(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (!strcmp(name, "--mode")) opt.mode = !strcmp(value, "closed") ? MODE_CLOSED : !strcmp(value, "paced") ? MODE_PACED : !strcmp(value, "connections") ? MODE_CONNECTIONS : !strcmp(value, "hosts") ? MODE_HOSTS : MODE_HOLD;
    else if (!strcmp(name, "--proxy-host")) opt.proxy_host = value;
    else if (!strcmp(name, "--proxy-port")) opt.proxy_port = atoi(value);
    else if (!strcmp(name, "--host")) opt.host = value;
    else if (!strcmp(name, "--host-prefix")) opt.host_prefix = value;
    else if (!strcmp(name, "--first-host")) opt.first_host = atoi(value);
    else if (!strcmp(name, "--port")) opt.port = atoi(value);
    else if (!strcmp(name, "--path")) opt.path = value;
    else if (!strcmp(name, "--connections")) opt.connections = atoi(value);
    else if (!strcmp(name, "--count")) opt.count = atoi(value);
    else if (!strcmp(name, "--rate")) opt.rate = atof(value);
    else if (!strcmp(name, "--seconds")) opt.seconds = atof(value);
    else if (!strcmp(name, "--warmup")) opt.warmup = atof(value);
    else if (!strcmp(name, "--drain")) opt.drain = atof(value);
    else { fprintf(stderr, "load: unknown flag %s\n", name); exit(2); }
  }
  if (!opt.proxy_host) opt.proxy_host = "127.0.0.1";
  if (opt.mode == MODE_HOLD || opt.mode == MODE_HOSTS) opt.connections = opt.count;
  if (opt.rate <= 0) opt.rate = 20;
}

static void set_up(void) {
  signal(SIGPIPE, SIG_IGN);
  tls = SSL_CTX_new(TLS_client_method());
  if (!tls) die("SSL_CTX_new");
  SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, NULL);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(tls, 1);
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
  poller = epoll_create1(EPOLL_CLOEXEC);
  conns = calloc((size_t)opt.connections, sizeof *conns);
  if (poller < 0 || !conns) die("set up");
  for (int i = 0; i < opt.connections; i++) { conns[i].fd = -1; conns[i].index = i; }
  make_texts(opt.host);
  started = now_us();
  measure_from = started + (uint64_t)(opt.warmup * 1e6);
  measure_to = measure_from + (uint64_t)(opt.seconds * 1e6);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poller, EPOLL_CTL_ADD, timer, &e);
  schedule_next = started;
  if (opt.mode == MODE_PACED) {
    backlog.space = 65536;
    backlog.at = calloc(backlog.space, sizeof *backlog.at);
    schedule_next += 200000; /* the connections open first */
  }
  if (opt.mode == MODE_PACED || opt.mode == MODE_HOLD || opt.mode == MODE_HOSTS) arm(schedule_next);
  if (opt.mode == MODE_CLOSED || opt.mode == MODE_PACED || opt.mode == MODE_CONNECTIONS)
    for (int i = 0; i < opt.connections; i++) open_conn(&conns[i]);
}

static int over(uint64_t now) {
  if (opt.mode == MODE_HOLD || opt.mode == MODE_HOSTS) {
    if (now > measure_to) stopping = 1;
    return (opened_total >= opt.count && open_now == 0) || (stopping && now > measure_to + (uint64_t)(opt.drain * 1e6));
  }
  if (now >= measure_to) stopping = 1;
  if (!stopping) return 0;
  /* A connection begun is finished: one given up in its handshake would leave a trace that answers no request. */
  int left = opt.mode == MODE_CONNECTIONS ? open_now : in_flight;
  return left == 0 || now > measure_to + (uint64_t)(opt.drain * 1e6);
}

int main(int argc, char **argv) {
  parse_flags(argc, argv);
  setvbuf(stdout, NULL, _IOLBF, 0);
  set_up();
  int told_held = 0;
  struct epoll_event events[256];
  for (;;) {
    int n = epoll_wait(poller, events, 256, 20);
    for (int i = 0; i < n; i++) {
      if (!events[i].data.ptr) { on_timer(); continue; }
      struct conn *c = events[i].data.ptr;
      if (c->state != OFF) on_event(c, events[i].events);
    }
    uint64_t now = now_us();
    if (opt.mode == MODE_HOLD && !told_held && opened_total >= opt.count && (uint64_t)sent_total + errors >= (uint64_t)opt.count) {
      printf("{\"event\":\"held\",\"inFlight\":%d,\"errors\":%lu}\n", in_flight, errors);
      told_held = 1;
    }
    if (over(now)) break;
  }
  report();
  return 0;
}
