#ifndef CHINTS_H
#define CHINTS_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/// Asks for the cache line at this address, which will be read and written soon. A hint: it waits for nothing, and no
/// address is wrong.
static inline void chints_fetch(const void *address) { __builtin_prefetch(address, 1, 3); }

typedef uint8_t chints_text __attribute__((vector_size(16)));

static inline chints_text chints_load(const void *start) {
  chints_text bytes;
  memcpy(&bytes, start, sizeof bytes);
  return bytes;
}

/// Where sixteen bytes of two runs differ.
static inline chints_text chints_differ(const void *left, const void *right, long offset) {
  return chints_load((const uint8_t *)left + offset) ^ chints_load((const uint8_t *)right + offset);
}

/// Whether two runs of at least 32 bytes are the same.
static inline _Bool chints_equal(const void *left, const void *right, long count) {
  // The last 32 overlap with those before: up to 64 bytes are looked at without asking how many there are.
  chints_text differ = chints_differ(left, right, 0) | chints_differ(left, right, 16) |
                       chints_differ(left, right, count - 32) | chints_differ(left, right, count - 16);
  for (long offset = 32; offset < count - 32; offset += 16) differ |= chints_differ(left, right, offset);
#ifdef __SSE2__
  return _mm_movemask_epi8(_mm_cmpeq_epi8((__m128i)differ, _mm_setzero_si128())) == 0xffff;
#else
  uint64_t halves[2];
  memcpy(halves, &differ, sizeof halves);
  return (halves[0] | halves[1]) == 0;
#endif
}

/// Which of sixteen bytes are one of two: a bit for each, the first byte's the lowest. Looks at all of them at once;
/// Swift's own vectors compare byte by byte.
static inline uint32_t chints_match(const void *start, uint8_t first, uint8_t second) {
  chints_text bytes = chints_load(start);
  chints_text equal = (chints_text)((bytes == first) | (bytes == second));
#ifdef __SSE2__
  return (uint32_t)_mm_movemask_epi8((__m128i)equal);
#else
  // The lowest bit of each byte comes to its place in the highest one: no two of the products' terms meet.
  uint64_t halves[2];
  memcpy(halves, &equal, sizeof halves);
  const uint64_t lowest = 0x0101010101010101, gather = 0x0102040810204080;
  return (uint32_t)((halves[0] & lowest) * gather >> 56 | ((halves[1] & lowest) * gather >> 56) << 8);
#endif
}

#endif
