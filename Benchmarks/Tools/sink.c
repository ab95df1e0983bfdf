// What receiving costs at least: takes lines, finds their parts, hashes the tags and adds up in a table. No budget, no
// price, no window, no lock, no scrape: the reference beside which the sidecar stands.
//
//   sink udp|unixgram|stdin block|nap [PATH]
//
// Prints the port once it listens. Ends when its standard input (of `stdin`: the lines) ends, or after two minutes;
// prints what came as JSON. `block` waits in recvmmsg for one datagram; `nap` does so when idle only, and otherwise
// drains and sleeps a millisecond.
#define _GNU_SOURCE
#include "workload.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CELLS = 1 << 17, BATCH = 128, DATAGRAM = 65536, BUFFER = 4 << 20, BLOCK = 1 << 20, MOST_SECONDS = 120 };

struct cell { uint64_t hash; uint64_t sum; };
static struct cell *cells;
static struct { uint64_t lines, bad, datagrams; } seen;
static volatile int is_over;

static inline uint64_t fold(uint64_t a, uint64_t b) {
  __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash(const char *start, size_t count) {
  uint64_t state = count, word = 0;
  for (; count >= 8; start += 8, count -= 8) {
    memcpy(&word, start, 8);
    state = fold(state ^ word, 0x9e3779b97f4a7c15u);
  }
  word = 0;
  memcpy(&word, start, count);
  return fold(state ^ word, 0xbf58476d1ce4e5b9u) | 1;
}

static inline int count_line(const char *line, const char *end) {
  const char *at = memchr(line, ':', (size_t)(end - line));
  if (!at) return 0;
  uint64_t amount = 0;
  for (at++; at < end && (unsigned)(*at - '0') < 10; at++) amount = amount * 10 + (unsigned)(*at - '0');
  if (end - at < 4 || memcmp(at, "|c|#", 4)) return 0;
  uint64_t key = hash(at + 4, (size_t)(end - at - 4));
  size_t place = key >> 32 & (CELLS - 1);
  while (cells[place].hash && cells[place].hash != key) place = (place + 1) & (CELLS - 1);
  cells[place].hash = key;
  cells[place].sum += amount;
  return 1;
}

/// Counts whole lines; returns where the last one, if it has no newline, starts.
static const char *count_lines(const char *start, const char *end, int is_complete) {
  while (start < end) {
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    if (!newline && !is_complete) return start;
    if (!newline) newline = end;
    seen.lines++;
    if (!count_line(start, newline)) seen.bad++;
    start = newline + 1;
  }
  return end;
}

static void receive(int socket, int naps) {
  char *memory = malloc((size_t)BATCH * DATAGRAM);
  struct mmsghdr messages[BATCH] = {0};
  struct iovec places[BATCH];
  for (int i = 0; i < BATCH; i++) {
    places[i] = (struct iovec){memory + (size_t)i * DATAGRAM, DATAGRAM};
    messages[i].msg_hdr.msg_iov = &places[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int is_idle = 1;
  while (!is_over) {
    int count = recvmmsg(socket, messages, BATCH, naps && !is_idle ? MSG_DONTWAIT : MSG_WAITFORONE, NULL);
    for (int i = 0; i < count; i++) {
      const char *bytes = places[i].iov_base;
      seen.datagrams++;
      count_lines(bytes, bytes + messages[i].msg_len, 1);
    }
    is_idle = count <= 0;
    struct timespec nap = {0, 1000000};
    if (naps && !is_idle && count < BATCH) nanosleep(&nap, NULL);
  }
}

static void read_input(void) {
  static char block[BLOCK];
  size_t kept = 0;
  ssize_t count;
  fcntl(STDIN_FILENO, F_SETPIPE_SZ, BLOCK);
  while ((count = read(STDIN_FILENO, block + kept, sizeof block - kept)) > 0) {
    const char *end = block + kept + count, *rest = count_lines(block, end, 0);
    kept = (size_t)(end - rest);
    memmove(block, rest, kept);
  }
  count_lines(block, block + kept, 1);
}

/// Sets `is_over` when whoever started this closes its standard input.
static void *watch_input(void *nothing) {
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) {}
  is_over = 1;
  return nothing;
}

static int bind_to(const char *kind, const char *path) {
  int is_udp = !strcmp(kind, "udp"), size = BUFFER;
  struct sockaddr_in inet = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_un local = {.sun_family = AF_UNIX};
  snprintf(local.sun_path, sizeof local.sun_path, "%s", path);
  struct timeval patience = {0, 100000};
  int descriptor = socket(is_udp ? AF_INET : AF_UNIX, SOCK_DGRAM, 0);
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const void *address = is_udp ? (const void *)&inet : (const void *)&local;
  if (bind(descriptor, address, is_udp ? sizeof inet : sizeof local)) {
    perror("bind");
    exit(2);
  }
  socklen_t length = sizeof inet;
  if (is_udp) getsockname(descriptor, (struct sockaddr *)&inet, &length);
  printf("%d\n", is_udp ? ntohs(inet.sin_port) : 0);
  fflush(stdout);
  return descriptor;
}

int main(int count, char **words) {
  if (count < 3) {
    fprintf(stderr, "usage: sink udp|unixgram|stdin block|nap [PATH]\n");
    return 2;
  }
  cells = calloc(CELLS, sizeof *cells);
  alarm(MOST_SECONDS);
  if (!strcmp(words[1], "stdin")) {
    read_input();
  } else {
    pthread_t watcher;
    int descriptor = bind_to(words[1], count > 3 ? words[3] : "");
    pthread_create(&watcher, NULL, watch_input, NULL);
    receive(descriptor, !strcmp(words[2], "nap"));
  }
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  printf("{\"lines\": %llu, \"bad\": %llu, \"datagrams\": %llu, \"cpu_s\": %.6f}\n", (unsigned long long)seen.lines,
         (unsigned long long)seen.bad, (unsigned long long)seen.datagrams,
         (double)used.tv_sec + (double)used.tv_nsec * 1e-9);
  return 0;
}
