// Sends usage lines: bounded in count and time, to loopback, a Unix socket or standard output.
//
//   load TARGET [--lines N] [--rate LINES_PER_SECOND] [--pack BYTES] [--series N] [--tags N] [--sweep] [--seconds N]
//
// TARGET is udp:127.0.0.1:PORT, unixgram:PATH or stdout. A rate of 0 is as fast as it goes. With --sweep each series
// comes once. Datagrams are made before the clock starts and sent again until the count is reached. Prints what was
// sent as JSON, to standard error.
#define _GNU_SOURCE
#include "workload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, RING_LINES = 1 << 18, STREAM_BLOCK = 1 << 16 };

struct datagram { size_t offset; uint32_t length, lines; };
struct ring { char *bytes; struct datagram *datagrams; uint32_t count, next; };
struct bounds { uint64_t lines; double rate, seconds, start; };
struct sent { uint64_t lines, datagrams, bytes; };

static void fail(const char *what) {
  perror(what);
  exit(2);
}

static struct ring make_ring(struct workload *load, uint64_t lines, size_t pack, int sweep) {
  uint64_t count = sweep ? load->series : lines < RING_LINES ? lines : RING_LINES;
  struct ring ring = {malloc((count + 1) * LONGEST_LINE), malloc((count + 1) * sizeof *ring.datagrams), 0, 0};
  if (!ring.bytes || !ring.datagrams) fail("malloc");
  size_t end = 0;
  struct datagram current = {0, 0, 0};
  for (uint64_t i = 0; i < count; i++) {
    char line[LONGEST_LINE];
    uint32_t series = sweep ? (uint32_t)i : workload_draw(load);
    size_t length = workload_line(load, series, 1 + (unsigned)(next_random(&load->random) % 4000), line);
    if (current.lines && current.length + 1 + length > pack) {
      ring.datagrams[ring.count++] = current;
      current = (struct datagram){end, 0, 0};
    }
    if (current.lines) { ring.bytes[end++] = '\n'; current.length++; }
    memcpy(ring.bytes + end, line, length);
    end += length;
    current.length += (uint32_t)length;
    current.lines++;
  }
  ring.datagrams[ring.count++] = current;
  return ring;
}

static const struct datagram *take(struct ring *ring, struct sent *sent) {
  const struct datagram *datagram = &ring->datagrams[ring->next];
  if (++ring->next == ring->count) ring->next = 0;
  sent->lines += datagram->lines;
  sent->bytes += datagram->length;
  sent->datagrams++;
  return datagram;
}

/// How many lines may be sent now; 0 when the time is over.
static uint64_t wait_for_turn(const struct bounds *bounds, const struct sent *sent) {
  for (;;) {
    double passed = now() - bounds->start;
    if (passed > bounds->seconds || sent->lines >= bounds->lines) return 0;
    uint64_t left = bounds->lines - sent->lines;
    if (bounds->rate <= 0) return left;
    double due = passed * bounds->rate - (double)sent->lines;
    if (due >= 1) return due < (double)left ? (uint64_t)due : left;
    struct timespec nap = {0, 50000};
    if ((1 - due) / bounds->rate > 60e-6) nanosleep(&nap, NULL);
  }
}

static void send_datagrams(int socket, struct ring *ring, const struct bounds *bounds, struct sent *sent) {
  struct mmsghdr messages[BATCH] = {0};
  struct iovec places[BATCH];
  uint64_t allowed;
  while ((allowed = wait_for_turn(bounds, sent)) > 0) {
    int count = 0;
    uint64_t before = sent->lines;
    while (count < BATCH && sent->lines - before < allowed) {
      const struct datagram *datagram = take(ring, sent);
      places[count] = (struct iovec){ring->bytes + datagram->offset, datagram->length};
      messages[count].msg_hdr.msg_iov = &places[count];
      messages[count].msg_hdr.msg_iovlen = 1;
      count++;
    }
    for (int done = 0; done < count;) {
      int result = sendmmsg(socket, messages + done, (unsigned)(count - done), 0);
      if (result >= 0) done += result;
      else if (errno != EINTR && errno != ENOBUFS && errno != EAGAIN) fail("sendmmsg");
    }
  }
}

static void write_stream(int file, struct ring *ring, const struct bounds *bounds, struct sent *sent) {
  static char block[STREAM_BLOCK + 2 * LONGEST_LINE];
  uint64_t allowed;
  while ((allowed = wait_for_turn(bounds, sent)) > 0) {
    size_t filled = 0;
    uint64_t before = sent->lines;
    while (filled < STREAM_BLOCK && sent->lines - before < allowed) {
      const struct datagram *datagram = take(ring, sent);
      memcpy(block + filled, ring->bytes + datagram->offset, datagram->length);
      filled += datagram->length;
      block[filled++] = '\n';
    }
    for (size_t done = 0; done < filled;) {
      ssize_t result = write(file, block + done, filled - done);
      if (result >= 0) done += (size_t)result;
      else if (errno != EINTR) fail("write");
    }
  }
}

static int connect_to(const char *target) {
  if (!strncmp(target, "udp:127.0.0.1:", 14)) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(target + 14)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) fail(target);
    return descriptor;
  }
  if (!strncmp(target, "unixgram:", 9)) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", target + 9);
    int descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) fail(target);
    return descriptor;
  }
  if (!strcmp(target, "stdout")) return -1;
  fprintf(stderr, "unknown target %s; known are udp:127.0.0.1:PORT, unixgram:PATH and stdout\n", target);
  exit(2);
}

int main(int count, char **words) {
  if (count < 2) {
    fprintf(stderr, "usage: load TARGET [--lines N] [--rate N] [--pack BYTES] [--series N] [--tags N] [--sweep]\n");
    return 2;
  }
  struct bounds bounds = {1000000, 0, 60, 0};
  uint32_t series = 10000, tags = 0;
  size_t pack = 0;
  int sweep = 0;
  for (int i = 2; i < count; i++) {
    if (!strcmp(words[i], "--sweep")) { sweep = 1; continue; }
    double value = i + 1 < count ? atof(words[i + 1]) : 0;
    if (!strcmp(words[i], "--lines")) bounds.lines = (uint64_t)value;
    else if (!strcmp(words[i], "--rate")) bounds.rate = value;
    else if (!strcmp(words[i], "--seconds")) bounds.seconds = value;
    else if (!strcmp(words[i], "--pack")) pack = (size_t)value;
    else if (!strcmp(words[i], "--series")) series = (uint32_t)value;
    else if (!strcmp(words[i], "--tags")) tags = (uint32_t)value;
    else { fprintf(stderr, "unknown option %s\n", words[i]); return 2; }
    i++;
  }
  if (series < 1 || series > 4000000 || tags > 16 || bounds.lines > 1000000000) {
    fprintf(stderr, "at most 4,000,000 series, 16 further tags and 1,000,000,000 lines\n");
    return 2;
  }
  struct workload load;
  workload_init(&load, series, tags);
  struct ring ring = make_ring(&load, bounds.lines, pack, sweep);
  if (sweep) bounds.lines = series;
  int descriptor = connect_to(words[1]);
  struct sent sent = {0, 0, 0};
  bounds.start = now();
  if (descriptor < 0) write_stream(STDOUT_FILENO, &ring, &bounds, &sent);
  else send_datagrams(descriptor, &ring, &bounds, &sent);
  double seconds = now() - bounds.start;
  fprintf(stderr, "{\"lines\": %llu, \"datagrams\": %llu, \"bytes\": %llu, \"seconds\": %.4f, \"lines_per_s\": %.0f}\n",
          (unsigned long long)sent.lines, (unsigned long long)sent.datagrams, (unsigned long long)sent.bytes, seconds,
          (double)sent.lines / seconds);
  return 0;
}
