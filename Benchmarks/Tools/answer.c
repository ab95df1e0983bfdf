// Answers over HTTP/1.1 as fast as a program can that does nothing else: the floor below the times of `ask`.
//
//   answer ADDRESS BYTES
//
// ADDRESS is 127.0.0.1:PORT or unix:PATH; port 0 picks one. Prints the address in use, then answers each request that
// has arrived whole with a body of so many bytes. One thread and epoll, as in the sidecar. Ends with its standard input.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_BYTES = 32 << 10, MOST_DESCRIPTORS = 4096 };

static char answer[MOST_BYTES + 512];
static size_t length;

static int listen_at(const char *address) {
  int descriptor;
  if (!strncmp(address, "unix:", 5)) {
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    snprintf(local.sun_path, sizeof local.sun_path, "%s", address + 5);
    descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(descriptor, (struct sockaddr *)&local, sizeof local)) return -1;
    printf("%s\n", address);
  } else {
    if (strncmp(address, "127.0.0.1:", 10)) return -1;
    struct sockaddr_in inet = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(address + 10)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof inet;
    descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(descriptor, (struct sockaddr *)&inet, size)) return -1;
    getsockname(descriptor, (struct sockaddr *)&inet, &size);
    printf("127.0.0.1:%d\n", ntohs(inet.sin_port));
  }
  fflush(stdout);
  return listen(descriptor, 1024) ? -1 : descriptor;
}

/// Whether a head and its body have arrived. `ask` sends both in one piece.
static int is_whole(char *request, size_t count) {
  request[count] = 0;
  const char *end = strstr(request, "\r\n\r\n");
  const char *body = strcasestr(request, "\r\ncontent-length:");
  if (!end) return 0;
  return (size_t)(end + 4 - request) + (body && body < end ? strtoul(body + 17, NULL, 10) : 0) <= count;
}

static void serve(int descriptor) {
  static char request[64 << 10];
  static size_t filled[MOST_DESCRIPTORS];
  static char *kept[MOST_DESCRIPTORS];
  size_t before = filled[descriptor];
  if (before) memcpy(request, kept[descriptor], before);
  ssize_t count = recv(descriptor, request + before, sizeof request - before - 1, 0);
  if (count <= 0) {
    filled[descriptor] = 0;
    close(descriptor);
    return;
  }
  size_t all = before + (size_t)count;
  if (is_whole(request, all)) {
    filled[descriptor] = 0;
    if (send(descriptor, answer, length, MSG_NOSIGNAL) < 0) close(descriptor);
    return;
  }
  if (!kept[descriptor]) kept[descriptor] = malloc(sizeof request);
  memcpy(kept[descriptor], request, all);
  filled[descriptor] = all;
}

int main(int count, char **words) {
  int bytes = count == 3 ? atoi(words[2]) : 0, one = 1;
  int listener = bytes > 0 && bytes <= MOST_BYTES ? listen_at(words[1]) : -1, events = epoll_create1(0);
  if (listener < 0) {
    fprintf(stderr, "usage: answer 127.0.0.1:PORT|unix:PATH BYTES\n");
    return 2;
  }
  const char *head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: Sat, 21 Nov 2026 21:00:00 GMT\r\n"
                     "content-length: %d\r\n\r\n%0*d";
  length = (size_t)snprintf(answer, sizeof answer, head, bytes, bytes, 0);
  int watched[] = {listener, STDIN_FILENO};
  for (int i = 0; i < 2; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = watched[i]};
    epoll_ctl(events, EPOLL_CTL_ADD, watched[i], &event);
  }
  for (;;) {
    struct epoll_event ready[64];
    int arrived = epoll_wait(events, ready, 64, -1);
    for (int i = 0; i < arrived; i++) {
      int descriptor = ready[i].data.fd;
      if (descriptor == STDIN_FILENO) return 0;
      if (descriptor != listener) { serve(descriptor); continue; }
      int taken = accept(listener, NULL, NULL);
      if (taken < 0 || taken >= MOST_DESCRIPTORS) { close(taken); continue; }
      setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      struct epoll_event event = {.events = EPOLLIN, .data.fd = taken};
      epoll_ctl(events, EPOLL_CTL_ADD, taken, &event);
    }
  }
}
