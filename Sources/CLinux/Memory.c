#include "CLinux.h"

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// Where the linker put the program's code.
extern const char __executable_start, etext;

void clinux_give_back_large_blocks(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
  mallopt(M_ARENA_MAX, 2);
#endif
}

void clinux_let_go_of_code(void) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t start = (uintptr_t)&__executable_start;
  const uintptr_t end = (uintptr_t)&etext & ~(page - 1);
  // Pages of a file that nobody writes to: nothing is lost.
  if (start % page == 0 && end > start) madvise((void *)start, end - start, MADV_DONTNEED);
}
