#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clinux_receive_queue_state(int fd, clinux_receive_queue *state) {
  uint32_t memory[SK_MEMINFO_VARS] = {0};
  socklen_t length = sizeof memory;
  if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &length) < 0) return -errno;
  if (length <= SK_MEMINFO_DROPS * sizeof memory[0]) return -ENOPROTOOPT;
  state->queued = memory[SK_MEMINFO_RMEM_ALLOC];
  state->capacity = memory[SK_MEMINFO_RCVBUF];
  state->drops = memory[SK_MEMINFO_DROPS];
  return 0;
}

long clinux_set_receive_buffer(int fd, int bytes) {
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0 &&
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) < 0)
    return -errno;
  int booked = 0;
  socklen_t length = sizeof booked;
  if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &booked, &length) < 0) return -errno;
  return booked / 2;
}

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

int clinux_set_pipe_size(int fd, int bytes) {
  int granted = fcntl(fd, F_SETPIPE_SZ, bytes);
  return granted < 0 ? -errno : granted;
}

int clinux_event_create(void) {
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int clinux_event_signal(int fd) {
  uint64_t one = 1;
  // EAGAIN: the counter is full, so the descriptor is readable already.
  if (write(fd, &one, sizeof one) < 0 && errno != EAGAIN) return -errno;
  return 0;
}

void clinux_event_clear(int fd) {
  uint64_t count;
  (void)!read(fd, &count, sizeof count);
}

int clinux_wait_readable(const int *fds, int count, long timeout_nanoseconds) {
  struct pollfd entries[8];
  if (count < 0 || count > 8) return -EINVAL;
  for (int i = 0; i < count; i++) entries[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
  struct timespec limit = {timeout_nanoseconds / 1000000000, timeout_nanoseconds % 1000000000};
  int ready = ppoll(entries, (nfds_t)count, timeout_nanoseconds < 0 ? NULL : &limit, NULL);
  if (ready < 0) return errno == EINTR ? 0 : -errno;
  return ready;
}

int clinux_schedule_thread(int nice, long slice_nanoseconds) {
  // The kernel's struct sched_attr, which glibc shows from 2.41 on.
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = sizeof attributes, .nice = nice, .runtime = (uint64_t)slice_nanoseconds};
  return syscall(SYS_sched_setattr, 0, &attributes, 0) < 0 ? -errno : 0;
}

void clinux_name_thread(const char *name) {
  char cut[16];
  snprintf(cut, sizeof cut, "%s", name);
  pthread_setname_np(pthread_self(), cut);
}

const void *clinux_last(const void *bytes, int byte, long count) {
  return count > 0 ? memrchr(bytes, byte, (size_t)count) : NULL;
}
