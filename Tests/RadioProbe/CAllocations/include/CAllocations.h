#ifndef C_ALLOCATIONS_H
#define C_ALLOCATIONS_H

#include <stddef.h>
#include <stdint.h>

/// Linking this file replaces malloc and its kin in the whole program by wrappers that count, thread by thread.

/// Allocations that the calling thread has made since it began.
uint64_t fb_allocations_here(void);
/// Allocations of the thread with this kernel id; 0 when it has made none. Threads beyond 256 are not followed.
uint64_t fb_allocations_of(int tid);
/// Bytes that malloc has handed out and not got back, of all threads (mallinfo2: in use and mapped).
size_t fb_bytes_in_use(void);

/// The yardstick of the benchmark: walks a stream of H4 advertising events, event by event, report by report, structure by
/// structure, reads every byte, and does nothing with them.
/// Returns a sum that depends on every byte; `reports` takes how many reports there were.
uint64_t fb_walk_advertising(const uint8_t *bytes, size_t count, uint64_t *reports);

#endif
