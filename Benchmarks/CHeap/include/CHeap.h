// What glibc's allocator tells of itself and Swift's Glibc module does not show.
#ifndef CHEAP_H
#define CHEAP_H

/// Bytes that the allocator has given out, mapped blocks included.
unsigned long cheap_bytes_in_use(void);

#endif
