// The load of a busy pod: 50 agents, at least 200 users, 4 models and 2 kinds of token, in a fixed shuffled order.
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

/// The same numbers at every run (splitmix64).
uint64_t next_random(uint64_t *state);

/// Seconds of the monotonic clock.
double now(void);

/// Whether a line is longer by this many further tags; they have one value each.
struct workload {
  uint32_t series;
  uint32_t further_tags;
  uint32_t users;
  uint32_t *order;     // of each series, which combination it is
  double *cumulated;   // Zipf weights, summed
  uint64_t random;
};

void workload_init(struct workload *load, uint32_t series, uint32_t further_tags);

/// Writes one line without its newline; returns its length, at most LONGEST_LINE.
enum { LONGEST_LINE = 512 };
size_t workload_line(const struct workload *load, uint32_t series, unsigned amount, char *line);

/// Draws a series: the n-th of them with a weight of 1/n.
uint32_t workload_draw(struct workload *load);

#endif
