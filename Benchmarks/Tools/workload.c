#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void workload_init(struct workload *load, uint32_t series, uint32_t further_tags) {
  load->series = series;
  load->further_tags = further_tags;
  load->users = 200;
  while (50 * load->users * 8 < series) load->users += 50;
  uint32_t all = 50 * load->users * 8;
  load->order = malloc(all * sizeof *load->order);
  load->cumulated = malloc(series * sizeof *load->cumulated);
  if (!load->order || !load->cumulated) abort();
  for (uint32_t i = 0; i < all; i++) load->order[i] = i;
  load->random = 7;
  for (uint32_t i = all - 1; i > 0; i--) {
    uint32_t j = (uint32_t)(next_random(&load->random) % (i + 1)), kept = load->order[i];
    load->order[i] = load->order[j];
    load->order[j] = kept;
  }
  double sum = 0;
  for (uint32_t i = 0; i < series; i++) load->cumulated[i] = sum += 1.0 / (i + 1);
}

size_t workload_line(const struct workload *load, uint32_t series, unsigned amount, char *line) {
  static const char *const models[] = {"gpt-4o", "claude-sonnet-5", "gemini-2.5-pro", "mistral-large-latest"};
  static const char *const kinds[] = {"input", "output"};
  uint32_t number = load->order[series], user = number / 8 % load->users, agent = number / 8 / load->users;
  int length = snprintf(line, LONGEST_LINE, "tokens:%u|c|#agent:a%u,user:u%u,model:%s,kind:%s", amount, agent, user,
                        models[number / 2 % 4], kinds[number % 2]);
  for (uint32_t tag = 0; tag < load->further_tags && length < LONGEST_LINE - 32; tag++)
    length += snprintf(line + length, LONGEST_LINE - length, ",tag%u:value%u", tag, tag);
  return (size_t)length;
}

uint32_t workload_draw(struct workload *load) {
  double wanted = (double)(next_random(&load->random) >> 11) * 0x1p-53 * load->cumulated[load->series - 1];
  uint32_t low = 0, high = load->series - 1;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (load->cumulated[middle] < wanted) low = middle + 1; else high = middle;
  }
  return low;
}
