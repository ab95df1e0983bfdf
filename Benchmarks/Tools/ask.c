// Asks over HTTP/1.1 with keep-alive: how many answers a second, and how long each takes.
//
//   ask ADDRESS check|reserve|scrape|scrape-gzip [--count N] [--connections N] [--rate N] [--seconds N] [--save FILE]
//
// ADDRESS is 127.0.0.1:PORT or unix:PATH. `reserve` reserves and then settles what it got: each is an answer, timed
// apart. Every connection has one request under way, and is made anew when the server ends it with an answer. With a
// rate, requests start at their times, and waiting for a free connection counts as waiting for the answer. Prints JSON;
// --save keeps the body of the last answer.
#define _GNU_SOURCE
#include "workload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 1024, MOST_ANSWERS = 2000000, HEADERS = 8192 };

struct connection {
  int descriptor;
  int is_busy;
  int settles;          // the answer under way is that of a settle
  double started;
  size_t filled;        // bytes of head and body that arrived
  size_t head;          // bytes of the head, 0 until it is complete
  size_t expected;      // bytes of both, unless the body is chunked
  int is_chunked;
  int is_last;          // the answer under way is the last one of this connection
  size_t capacity;
  char *answer;
  char place[256];      // path of the reservation that is to be settled
};

static struct connection connections[MOST_CONNECTIONS];
static float *times[2];
static uint32_t answers[2];
static uint64_t started, wanted = 10000, body_bytes;
static const char *host = "localhost", *kind, *save, *address;
static int events;
static struct workload load;

static void fail(const char *what) {
  fprintf(stderr, "ask: %s: %s\n", what, strerror(errno));
  exit(2);
}

static int connect_to(void) {
  int descriptor, one = 1;
  if (!strncmp(address, "unix:", 5)) {
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    snprintf(local.sun_path, sizeof local.sun_path, "%s", address + 5);
    descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(descriptor, (struct sockaddr *)&local, sizeof local)) fail(address);
  } else {
    if (strncmp(address, "127.0.0.1:", 10)) { fprintf(stderr, "loopback only\n"); exit(2); }
    struct sockaddr_in inet = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(address + 10)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    descriptor = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(descriptor, (struct sockaddr *)&inet, sizeof inet)) fail(address);
    host = address;
  }
  return descriptor;
}

/// Connects, the first time or after the server closed as it had said.
static void open_connection(struct connection *connection) {
  connection->descriptor = connect_to();
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  epoll_ctl(events, EPOLL_CTL_ADD, connection->descriptor, &event);
}

static void send_all(struct connection *connection, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t sent = send(connection->descriptor, bytes, count, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) fail("send");
    if (sent > 0) { bytes += sent; count -= (size_t)sent; }
  }
}

static void post(struct connection *connection, const char *path, const char *body) {
  char request[1024];
  int length = snprintf(request, sizeof request,
                        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        path, host, strlen(body), body);
  send_all(connection, request, (size_t)length);
}

static void ask(struct connection *connection, double due) {
  connection->filled = connection->head = 0;
  connection->is_busy = 1;
  connection->started = due;
  connection->settles = 0;
  started++;
  if (!strncmp(kind, "scrape", 6)) {
    char request[256];
    int length = snprintf(request, sizeof request, "GET /metrics HTTP/1.1\r\nHost: %s\r\n%s\r\n", host,
                          strcmp(kind, "scrape") ? "Accept-Encoding: gzip\r\n" : "");
    return send_all(connection, request, (size_t)length);
  }
  char body[256];
  uint64_t drawn = next_random(&load.random);
  static const char *const models[] = {"gpt-4o", "claude-sonnet-5", "gemini-2.5-pro", "mistral-large-latest"};
  snprintf(body, sizeof body,
           "{\"tags\":{\"agent\":\"a%u\",\"user\":\"u%u\",\"model\":\"%s\"},\"tokens\":{\"input\":800,\"output\":200}}",
           (unsigned)(drawn % 50), (unsigned)(drawn / 50 % 200), models[drawn / 10000 % 4]);
  post(connection, strcmp(kind, "check") ? "/v1/reservations" : "/v1/check", body);
}

static void settle(struct connection *connection) {
  connection->filled = connection->head = 0;
  connection->started = now();
  connection->settles = 1;
  post(connection, connection->place, "{\"tokens\":{\"input\":790,\"output\":150}}");
}

static const char *header(const char *head, const char *name) {
  const char *found = strcasestr(head, name);
  return found ? found + strlen(name) : NULL;
}

/// Reads the head once it is complete: status, length, place of the reservation.
static void read_head(struct connection *connection) {
  char *end = memmem(connection->answer, connection->filled, "\r\n\r\n", 4);
  if (!end) return;
  *end = 0;
  if (strncmp(connection->answer, "HTTP/1.1 2", 10)) {
    fprintf(stderr, "ask: an answer was not a success: %s\n", connection->answer);
    exit(3);
  }
  const char *length = header(connection->answer, "\r\ncontent-length:");
  const char *persistence = header(connection->answer, "\r\nconnection:");
  connection->is_last = persistence && !strncmp(persistence, " close", 6);
  const char *place = header(connection->answer, "\r\nlocation:");
  connection->is_chunked = !length;
  connection->head = (size_t)(end - connection->answer) + 4;
  connection->expected = connection->head + (length ? strtoul(length, NULL, 10) : 0);
  if (place && sscanf(place, " %240[^\r\n]", connection->place) == 1) strcat(connection->place, "/settle");
}

static int is_complete(struct connection *connection) {
  if (!connection->head) read_head(connection);
  if (!connection->head) return 0;
  if (!connection->is_chunked) return connection->filled >= connection->expected;
  return connection->filled >= connection->head + 5 &&
         !memcmp(connection->answer + connection->filled - 5, "0\r\n\r\n", 5);
}

static void keep(const struct connection *connection) {
  FILE *file = fopen(save, "wb");
  if (!file) fail(save);
  const char *at = connection->answer + connection->head, *end = connection->answer + connection->filled;
  if (!connection->is_chunked) fwrite(at, 1, (size_t)(end - at), file);
  while (connection->is_chunked && at < end) {
    char *data;
    size_t size = strtoul(at, &data, 16);
    if (size == 0) break;
    fwrite(data + 2, 1, size, file);
    at = data + 2 + size + 2;
  }
  fclose(file);
}

/// Takes what arrived. When the answer is complete: notes its time, and settles or leaves the connection free.
static void receive(struct connection *connection) {
  if (connection->filled + (64 << 10) > connection->capacity) {
    connection->capacity = connection->capacity ? connection->capacity * 2 : 256 << 10;
    connection->answer = realloc(connection->answer, connection->capacity);
  }
  size_t room = connection->capacity - connection->filled - 1;
  ssize_t count = recv(connection->descriptor, connection->answer + connection->filled, room, MSG_DONTWAIT);
  if (count == 0) { fprintf(stderr, "ask: the connection was closed\n"); exit(3); }
  if (count < 0) { if (errno == EAGAIN || errno == EINTR) return; fail("recv"); }
  connection->filled += (size_t)count;
  if (!is_complete(connection)) return;
  int which = connection->settles;
  if (answers[which] < MOST_ANSWERS) times[which][answers[which]++] = (float)(now() - connection->started);
  body_bytes = connection->filled - connection->head;
  if (save) keep(connection);
  if (connection->is_last) {
    close(connection->descriptor);
    open_connection(connection);
  }
  if (!strcmp(kind, "reserve") && !which) return settle(connection);
  connection->is_busy = 0;
}

static int compare(const void *left, const void *right) {
  float a = *(const float *)left, b = *(const float *)right;
  return (a > b) - (a < b);
}

static void print_times(const char *name, int which) {
  uint32_t count = answers[which];
  qsort(times[which], count, sizeof(float), compare);
  double quantiles[] = {0.5, 0.99, 0.999, 1};
  const char *const names[] = {"p50", "p99", "p999", "max"};
  printf(", \"%s\": {\"count\": %u", name, count);
  for (int i = 0; i < 4 && count; i++) {
    uint32_t place = (uint32_t)(quantiles[i] * count);
    printf(", \"%s_us\": %.1f", names[i], (double)times[which][place < count ? place : count - 1] * 1e6);
  }
  printf("}");
}

int main(int count, char **words) {
  if (count < 3) {
    fprintf(stderr, "usage: ask ADDRESS check|reserve|scrape|scrape-gzip [--count N] [--connections N] [--rate N]\n");
    return 2;
  }
  kind = words[2];
  int most = 1;
  double rate = 0, seconds = 60;
  for (int i = 3; i + 1 < count; i += 2) {
    if (!strcmp(words[i], "--count")) wanted = strtoull(words[i + 1], NULL, 10);
    else if (!strcmp(words[i], "--connections")) most = atoi(words[i + 1]);
    else if (!strcmp(words[i], "--rate")) rate = atof(words[i + 1]);
    else if (!strcmp(words[i], "--seconds")) seconds = atof(words[i + 1]);
    else if (!strcmp(words[i], "--save")) save = words[i + 1];
    else { fprintf(stderr, "unknown option %s\n", words[i]); return 2; }
  }
  if (most < 1 || most > MOST_CONNECTIONS || wanted > MOST_ANSWERS) { fprintf(stderr, "out of bounds\n"); return 2; }
  for (int i = 0; i < 2; i++) times[i] = malloc((wanted + most) * sizeof(float));
  load.random = 42;
  address = words[1];
  events = epoll_create1(0);
  for (int i = 0; i < most; i++) {
    open_connection(&connections[i]);
  }
  double start = now();
  for (int busy = 0;;) {
    double time = now();
    int is_over = started >= wanted || time - start > seconds;
    busy = 0;
    for (int i = 0; i < most; i++) {
      double due = rate > 0 ? start + (double)started / rate : time;
      if (!connections[i].is_busy && !is_over && due <= time) {
        ask(&connections[i], due);
        is_over = started >= wanted;
      }
      busy += connections[i].is_busy;
    }
    if (is_over && !busy) break;
    if (time - start > seconds + 10) { fprintf(stderr, "ask: no answer for ten seconds\n"); return 3; }
    double gap = rate > 0 && !is_over && busy < most ? start + (double)started / rate - now() : 1;
    struct timespec patience = {0, gap <= 0 ? 0 : gap < 1 ? (long)(gap * 1e9) : 999999999};
    struct epoll_event ready[MOST_CONNECTIONS];
    int arrived = epoll_pwait2(events, ready, MOST_CONNECTIONS, &patience, NULL);
    for (int i = 0; i < arrived; i++) receive(ready[i].data.ptr);
  }
  double passed = now() - start;
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  uint64_t all = (uint64_t)answers[0] + answers[1];
  printf("{\"answers\": %llu, \"seconds\": %.4f, \"per_s\": %.0f, \"bytes\": %llu, \"client_cpu_s\": %.4f",
         (unsigned long long)all, passed, (double)all / passed, (unsigned long long)body_bytes,
         (double)used.tv_sec + (double)used.tv_nsec * 1e-9);
  print_times(!strcmp(kind, "reserve") ? "reserve" : kind, 0);
  if (answers[1]) print_times("settle", 1);
  printf("}\n");
  return 0;
}
