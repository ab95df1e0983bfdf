// What sending a page costs at least: the same bytes copied once, and compressed once by zlib at level 1.
//
//   copy FILE       prints milliseconds of CPU as JSON, medians of a few rounds
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { ROUNDS = 5, PIECE = 64 << 10 };

static double cpu_ms(void) {
  struct timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return (double)used.tv_sec * 1e3 + (double)used.tv_nsec * 1e-6;
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/// In pieces into the same place, as a page goes through a socket's buffer.
static size_t copy(const char *bytes, size_t size) {
  static char target[PIECE];
  for (size_t done = 0; done < size; done += PIECE) {
    memcpy(target, bytes + done, size - done < PIECE ? size - done : PIECE);
    __asm__ volatile("" ::"r"(target) : "memory");
  }
  return size;
}

static size_t compress_once(const char *bytes, size_t size) {
  static unsigned char target[PIECE];
  z_stream stream = {0};
  if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) exit(2);
  stream.next_in = (unsigned char *)bytes;
  stream.avail_in = (unsigned)size;
  do {
    stream.next_out = target;
    stream.avail_out = PIECE;
    deflate(&stream, Z_FINISH);
  } while (stream.avail_out == 0);
  size_t made = stream.total_out;
  deflateEnd(&stream);
  return made;
}

static double median_ms(size_t (*work)(const char *, size_t), const char *bytes, size_t size, size_t *made) {
  double times[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    double start = cpu_ms();
    *made = work(bytes, size);
    times[round] = cpu_ms() - start;
  }
  qsort(times, ROUNDS, sizeof *times, compare);
  return times[ROUNDS / 2];
}

int main(int count, char **words) {
  FILE *file = count == 2 ? fopen(words[1], "rb") : NULL;
  if (!file) {
    fprintf(stderr, "usage: copy FILE\n");
    return 2;
  }
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file), made = 0;
  char *bytes = malloc(size + 1);
  rewind(file);
  if (!bytes || fread(bytes, 1, size, file) != size) return 2;
  double copied = median_ms(copy, bytes, size, &made);
  double compressed = median_ms(compress_once, bytes, size, &made);
  printf("{\"bytes\": %zu, \"copy_ms\": %.4f, \"gzip_ms\": %.3f, \"gzip_bytes\": %zu}\n", size, copied, compressed,
         made);
  return 0;
}
