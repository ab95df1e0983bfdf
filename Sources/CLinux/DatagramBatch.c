#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

struct clinux_batch {
  int capacity;
  unsigned char *space;
  size_t space_bytes;
  struct mmsghdr *headers;
  struct iovec *vectors;
  clinux_datagram *datagrams;
};

// Slots that start a power of two apart fall into the same few sets of every cache. Three lines of 64
// bytes between them spread 128 short datagrams evenly.
static const size_t stagger = 3 * 64;

clinux_batch *clinux_batch_create(int capacity, long slot_bytes) {
  if (capacity < 1 || capacity > 1024 || slot_bytes < 1 || slot_bytes > (1 << 20)) return NULL;
  clinux_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  size_t stride = ((size_t)slot_bytes + 63) / 64 * 64 + stagger;
  batch->capacity = capacity;
  batch->space_bytes = stride * (size_t)capacity;
  batch->headers = calloc((size_t)capacity, sizeof *batch->headers);
  batch->vectors = calloc((size_t)capacity, sizeof *batch->vectors);
  batch->datagrams = calloc((size_t)capacity, sizeof *batch->datagrams);
  void *space = mmap(NULL, batch->space_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  batch->space = space == MAP_FAILED ? NULL : space;
  if (!batch->headers || !batch->vectors || !batch->datagrams || !batch->space) {
    clinux_batch_destroy(batch);
    return NULL;
  }
  // A huge page would make 2 MiB resident for the first short datagram.
  madvise(batch->space, batch->space_bytes, MADV_NOHUGEPAGE);
  for (int i = 0; i < capacity; i++) {
    batch->vectors[i].iov_base = batch->space + stride * (size_t)i;
    batch->vectors[i].iov_len = (size_t)slot_bytes;
    batch->headers[i].msg_hdr.msg_iov = &batch->vectors[i];
    batch->headers[i].msg_hdr.msg_iovlen = 1;
    batch->datagrams[i].bytes = batch->vectors[i].iov_base;
  }
  return batch;
}

void clinux_batch_destroy(clinux_batch *batch) {
  if (!batch) return;
  if (batch->space) munmap(batch->space, batch->space_bytes);
  free(batch->headers);
  free(batch->vectors);
  free(batch->datagrams);
  free(batch);
}

int clinux_batch_receive(clinux_batch *batch, int fd) {
  int count = recvmmsg(fd, batch->headers, (unsigned int)batch->capacity, MSG_DONTWAIT, NULL);
  if (count < 0) return -errno;
  for (int i = 0; i < count; i++) {
    batch->datagrams[i].length = batch->headers[i].msg_len;
    batch->datagrams[i].is_truncated = (batch->headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
  }
  return count;
}

const clinux_datagram *clinux_batch_datagrams(const clinux_batch *batch) { return batch->datagrams; }
