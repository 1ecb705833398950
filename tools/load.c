// An HTTP load generator: open loop at a fixed rate, or closed loop as fast as answers come.
//
// In the open loop request i is due at start + i / rate whatever the server does, and its latency counts from then: a
// server that stalls is charged for every request that was due meanwhile (no coordinated omission). Latencies go into a
// log-linear histogram with three significant digits (HdrHistogram's layout), in nanoseconds.
//
//   cc -O2 -o load load.c && ./load --self-test
//   ./load --port 8080 --rate 5000 --seconds 10 --path /v1/scans --lines codes.txt --header 'Authorization: Bearer …'
//     --body '{"code":"@LINE@","clientScanId":"a-@ID@"}'
//
// @LINE@ is the next line of the file, @PATH@ the part of it after its host, @ID@ the request's number, eight digits.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what) {
  fprintf(stderr, "load: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
  exit(2);
}

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// Histogram: values below 2048 have a bucket each; above, every power of two has 1024.
enum { HALF = 1024, BUCKETS = HALF * 54 };
typedef struct { uint64_t counts[BUCKETS], total, max; } Histogram;

static int bucket_of(uint64_t value) {
  if (value < 2 * HALF) return (int)value;
  int shift = 53 - __builtin_clzll(value);  // leaves 11 bits
  return (shift + 1) * HALF + (int)((value >> shift) - HALF);
}

static uint64_t highest_in(int bucket) {
  if (bucket < 2 * HALF) return (uint64_t)bucket;
  int shift = bucket / HALF - 1;
  return ((((uint64_t)(bucket % HALF) + HALF) + 1) << shift) - 1;
}

static void record(Histogram *h, int64_t value) {
  uint64_t v = value < 0 ? 0 : (uint64_t)value;
  h->counts[bucket_of(v)]++;
  h->total++;
  if (v > h->max) h->max = v;
}

// The value that at least `share` of all values do not exceed.
static uint64_t quantile(const Histogram *h, double share) {
  uint64_t rank = (uint64_t)(share * (double)h->total + 0.999999), seen = 0;
  if (rank < 1) rank = 1;
  for (int bucket = 0; bucket < BUCKETS; bucket++) {
    seen += h->counts[bucket];
    if (seen >= rank) return highest_in(bucket) < h->max ? highest_in(bucket) : h->max;
  }
  return h->max;
}

typedef struct {
  int port, connections;
  double rate, seconds, warm;
  const char *method, *path, *body, *lines_file, *headers[8];
  int header_count;
  long first_id, first_line;
} Options;

typedef struct {
  int fd;
  char in[65536];
  size_t filled;
  char out[16384];
  size_t out_length, out_done;
  int64_t due;
  int busy, is_waiting;
} Connection;

static struct { char *text; char **line; long count; } lines;

static void read_lines(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) die(path);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  lines.text = malloc((size_t)size + 1);
  if (fread(lines.text, 1, (size_t)size, file) != (size_t)size) die(path);
  lines.text[size] = 0;
  fclose(file);
  long room = 0;
  for (char *at = strtok(lines.text, "\n"); at; at = strtok(NULL, "\n")) {
    if (lines.count == room) lines.line = realloc(lines.line, sizeof(char *) * (size_t)(room = room ? 2 * room : 1024));
    lines.line[lines.count++] = at;
  }
  if (!lines.count) die("the file of lines is empty");
}

// Copies a template with its places filled in; returns the length.
static size_t fill(char *out, size_t room, const char *template, long id, long line_number) {
  const char *line = lines.count ? lines.line[line_number % lines.count] : "";
  size_t length = 0;
  while (*template) {
    char number[24];
    const char *with = NULL;
    size_t skip = 0;
    if (!strncmp(template, "@LINE@", 6)) with = line, skip = 6;
    else if (!strncmp(template, "@ID@", 4)) snprintf(number, sizeof number, "%08ld", id), with = number, skip = 4;
    else if (!strncmp(template, "@PATH@", 6)) {
      const char *host = strstr(line, "//");
      with = host ? strchr(host + 2, '/') : line;
      if (!with) with = "/";
      skip = 6;
    }
    size_t more = with ? strlen(with) : 1;
    if (length + more >= room) die("the request is too long");
    memcpy(out + length, with ? with : template, more);
    length += more;
    template += with ? skip : 1;
  }
  out[length] = 0;
  return length;
}

static void compose(Connection *c, const Options *o, long number) {
  char body[8192], path[4096];
  long id = o->first_id + number, line = o->first_line + number;
  size_t body_length = o->body ? fill(body, sizeof body, o->body, id, line) : 0;
  fill(path, sizeof path, o->path, id, line);
  int n = snprintf(c->out, sizeof c->out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", o->method, path, o->port);
  for (int i = 0; i < o->header_count; i++)
    n += snprintf(c->out + n, sizeof c->out - (size_t)n, "%s\r\n", o->headers[i]);
  if (o->body) n += snprintf(c->out + n, sizeof c->out - (size_t)n, "Content-Length: %zu\r\n", body_length);
  n += snprintf(c->out + n, sizeof c->out - (size_t)n, "\r\n");
  if ((size_t)n + body_length >= sizeof c->out) die("the request is too long");
  memcpy(c->out + n, body, body_length);
  c->out_length = (size_t)n + body_length;
  c->out_done = 0;
}

// The length of the answer at the start of `text`, 0 while it is not whole; its status goes to `status`.
static size_t whole_answer(const char *text, size_t length, int *status) {
  const char *end = memmem(text, length, "\r\n\r\n", 4);
  if (!end) return 0;
  if (sscanf(text, "HTTP/1.%*c %d", status) != 1) die("not an HTTP answer");
  size_t head = (size_t)(end - text) + 4;
  for (const char *at = text; at < end; at = (const char *)memmem(at, (size_t)(end - at) + 2, "\r\n", 2) + 2) {
    if (!strncasecmp(at, "content-length:", 15)) {
      size_t whole = head + strtoul(at + 15, NULL, 10);
      return length >= whole ? whole : 0;
    }
    if (!strncasecmp(at, "transfer-encoding: chunked", 26)) {
      const char *at_chunk = end + 4;
      while (1) {
        char *after;
        if (!memmem(at_chunk, length - (size_t)(at_chunk - text), "\r\n", 2)) return 0;
        size_t size = strtoul(at_chunk, &after, 16);
        at_chunk = after + 2 + size + 2;
        if ((size_t)(at_chunk - text) > length) return 0;
        if (!size) return (size_t)(at_chunk - text);
      }
    }
  }
  return head;
}

static void connect_to(Connection *c, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) die("connect");
  int on = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

static void push(Connection *c, int poll) {
  while (c->out_done < c->out_length) {
    ssize_t n = write(c->fd, c->out + c->out_done, c->out_length - c->out_done);
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) die("write");
    c->out_done += (size_t)n;
  }
  int is_waiting = c->out_done < c->out_length;
  struct epoll_event event = {.events = EPOLLIN | (is_waiting ? EPOLLOUT : 0), .data.ptr = c};
  if (is_waiting != c->is_waiting && epoll_ctl(poll, EPOLL_CTL_MOD, c->fd, &event)) die("epoll");
  c->is_waiting = is_waiting;
}

typedef struct { Histogram latency; uint64_t refused, unfinished; long started; double seconds; } Outcome;

static void run(const Options *o, Outcome *out) {
  int poll = epoll_create1(0);
  Connection *all = calloc((size_t)o->connections, sizeof *all), **idle = calloc((size_t)o->connections, sizeof *idle);
  int idle_count = 0;
  for (int i = 0; i < o->connections; i++) {
    connect_to(&all[i], o->port);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].fd, &event)) die("epoll");
    idle[idle_count++] = &all[i];
  }
  int64_t start = now_ns(), length = (int64_t)((o->warm + o->seconds) * 1e9), warm = (int64_t)(o->warm * 1e9);
  double step = o->rate > 0 ? 1e9 / o->rate : 0;
  long next = 0, finished = 0, measured = 0;
  int64_t last_end = start;
  while (1) {
    int64_t now = now_ns();
    while (idle_count) {
      int64_t due = o->rate > 0 ? start + (int64_t)((double)next * step) : now;
      if (due > now || due - start >= length) break;
      Connection *c = idle[--idle_count];
      c->due = due;
      c->busy = 1;
      compose(c, o, next++);
      push(c, poll);
    }
    int64_t due = o->rate > 0 ? start + (int64_t)((double)next * step) : now;
    int is_over = due - start >= length;
    if (is_over && finished == next) break;
    // What was due and could not be sent, or is not answered, long after the end is a failure and not forgotten.
    if (now - start > length + 20000000000LL) {
      out->unfinished = (uint64_t)(next - finished);
      break;
    }
    int64_t wait = is_over || !idle_count ? 100000000 : due - now;
    struct timespec timeout = {.tv_sec = wait < 0 ? 0 : wait / 1000000000, .tv_nsec = wait < 0 ? 0 : wait % 1000000000};
    struct epoll_event events[256];
    int n = epoll_pwait2(poll, events, 256, &timeout, NULL);
    if (n < 0 && errno != EINTR) die("epoll");
    for (int i = 0; i < n; i++) {
      Connection *c = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) push(c, poll);
      ssize_t got = read(c->fd, c->in + c->filled, sizeof c->in - c->filled);
      if (got < 0 && errno == EAGAIN) continue;
      if (got <= 0) errno = got ? errno : 0, die("the server closed a connection");
      c->filled += (size_t)got;
      int status = 0;
      size_t whole = whole_answer(c->in, c->filled, &status);
      if (!whole && c->filled == sizeof c->in) die("an answer is too long");
      if (!whole) continue;
      if (whole != c->filled || !c->busy) die("an answer that nobody asked for");
      last_end = now_ns();
      if (c->due - start >= warm) record(&out->latency, last_end - c->due), measured++;
      if (status < 200 || status >= 300) out->refused++;
      c->filled = 0;
      c->busy = 0;
      finished++;
      idle[idle_count++] = c;
    }
  }
  out->started = next;
  out->seconds = (double)(last_end - start - warm) / 1e9;
  for (int i = 0; i < o->connections; i++) close(all[i].fd);
  close(poll);
  free(all);
  free(idle);
}

static void print(const Outcome *o) {
  const Histogram *h = &o->latency;
  printf("{\"requests\":%llu,\"started\":%ld,\"refused\":%llu,\"unfinished\":%llu,\"rate\":%.1f",
    (unsigned long long)h->total, o->started, (unsigned long long)o->refused, (unsigned long long)o->unfinished,
    (double)h->total / o->seconds);
  static const struct { const char *name; double share; } marks[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    printf(",\"%s\":%.4f", marks[i].name, (double)quantile(h, marks[i].share) / 1e6);
  printf(",\"max\":%.4f}\n", (double)h->max / 1e6);
}

// --- The generator's own tests ---

static int compare(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static void test_histogram(void) {
  enum { N = 200000 };
  static uint64_t values[N];
  static Histogram h;
  uint64_t seed = 1;
  for (int i = 0; i < N; i++) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    values[i] = (seed >> 20) >> (seed % 43);  // spread over all magnitudes
    record(&h, (int64_t)values[i]);
  }
  qsort(values, N, sizeof *values, compare);
  double shares[] = {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1};
  for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
    uint64_t rank = (uint64_t)(shares[i] * N + 0.999999), exact = values[rank - 1], found = quantile(&h, shares[i]);
    if (found < exact || (double)(found - exact) > (double)exact * 0.001) errno = 0, die("histogram: a quantile is off");
  }
  for (int bucket = 0; bucket < BUCKETS - 1; bucket++)
    if (bucket_of(highest_in(bucket)) != bucket || bucket_of(highest_in(bucket) + 1) != bucket + 1)
      errno = 0, die("histogram: buckets have a gap");
}

static void test_answers(void) {
  int status = 0;
  const char *fixed = "HTTP/1.1 201 Created\r\nA: b\r\ncontent-length: 3\r\n\r\nabc";
  const char *chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const char *texts[] = {fixed, chunked};
  for (int t = 0; t < 2; t++)
    for (size_t cut = 0; cut <= strlen(texts[t]); cut++) {
      char part[200] = {0};
      memcpy(part, texts[t], cut);
      size_t expected = cut == strlen(texts[t]) ? cut : 0;
      if (whole_answer(part, cut, &status) != expected) errno = 0, die("answers: a cut answer is taken as whole");
    }
}

// A server that stops for half a second once: every request that was due meanwhile must be seen as slow.
static void test_omission(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1)) die("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  pid_t child = fork();
  if (!child) {
    int fd = accept(listener, NULL, NULL);
    char in[4096];
    for (int i = 0; read(fd, in, sizeof in) > 0; i++) {
      if (i == 50) usleep(500000);
      const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
      if (write(fd, answer, sizeof answer - 1) < 0) _exit(1);
    }
    _exit(0);
  }
  static Outcome out;
  Options o = {.port = ntohs(address.sin_port), .connections = 1, .rate = 200, .seconds = 1, .method = "GET", .path = "/"};
  run(&o, &out);
  waitpid(child, NULL, 0);
  close(listener);
  uint64_t slow = 0;
  for (int bucket = bucket_of(100000000); bucket < BUCKETS; bucket++) slow += out.latency.counts[bucket];
  errno = 0;
  if (out.latency.total != 200) die("omission: not every request that was due was made");
  if (slow < 60) die("omission: a stall was charged to too few requests");
}

int main(int count, char **arguments) {
  Options o = {.connections = 64, .seconds = 5, .warm = 0.5, .method = "GET", .path = "/"};
  signal(SIGPIPE, SIG_IGN);
  for (int i = 1; i < count; i++) {
    const char *name = arguments[i];
    if (!strcmp(name, "--self-test")) {
      test_histogram();
      test_answers();
      test_omission();
      puts("ok");
      return 0;
    }
    if (i + 1 == count) die("an option has no value");
    const char *value = arguments[++i];
    if (!strcmp(name, "--port")) o.port = atoi(value);
    else if (!strcmp(name, "--connections")) o.connections = atoi(value);
    else if (!strcmp(name, "--rate")) o.rate = atof(value);
    else if (!strcmp(name, "--seconds")) o.seconds = atof(value);
    else if (!strcmp(name, "--warm")) o.warm = atof(value);
    else if (!strcmp(name, "--path")) o.path = value;
    else if (!strcmp(name, "--body")) o.body = value, o.method = "POST";
    else if (!strcmp(name, "--lines")) read_lines(value);
    else if (!strcmp(name, "--first-id")) o.first_id = atol(value);
    else if (!strcmp(name, "--first-line")) o.first_line = atol(value);
    else if (!strcmp(name, "--header") && o.header_count < 8) o.headers[o.header_count++] = value;
    else die("unknown option");
  }
  static Outcome out;
  run(&o, &out);
  print(&out);
  return 0;
}
