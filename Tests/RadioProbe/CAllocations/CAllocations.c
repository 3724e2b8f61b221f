#define _GNU_SOURCE
#include "CAllocations.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

// glibc's own functions under the names that stay theirs when a program replaces malloc.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

#define SLOTS 256

static struct { _Atomic int tid; _Atomic uint64_t count; } slots[SLOTS];
static _Atomic int used;
// initial-exec: reading it never calls malloc itself.
static __thread int slot __attribute__((tls_model("initial-exec")));

static void count_one(void) {
    if (slot == 0) {
        int next = atomic_fetch_add(&used, 1);
        slot = next < SLOTS ? next + 1 : -1;
        if (slot > 0) atomic_store(&slots[slot - 1].tid, gettid());
    }
    if (slot > 0) atomic_fetch_add_explicit(&slots[slot - 1].count, 1, memory_order_relaxed);
}

void *malloc(size_t size) { count_one(); return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { count_one(); return __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { count_one(); return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { count_one(); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { count_one(); return __libc_memalign(alignment, size); }
void free(void *old) { __libc_free(old); }
int posix_memalign(void **result, size_t alignment, size_t size) {
    count_one();
    if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
    void *made = __libc_memalign(alignment, size);
    if (!made) return ENOMEM;
    *result = made;
    return 0;
}

uint64_t fb_allocations_here(void) { return slot > 0 ? atomic_load(&slots[slot - 1].count) : 0; }

uint64_t fb_allocations_of(int tid) {
    for (int i = 0; i < SLOTS; i++)
        if (atomic_load(&slots[i].tid) == tid) return atomic_load(&slots[i].count);
    return 0;
}

size_t fb_bytes_in_use(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

uint64_t fb_walk_advertising(const uint8_t *bytes, size_t count, uint64_t *reports) {
    uint64_t sum = 0, seen = 0;
    size_t at = 0;
    while (at + 5 <= count && bytes[at] == 0x04) {
        size_t end = at + 3 + bytes[at + 2];
        if (end > count) break;
        uint8_t subevent = bytes[at + 3], left = bytes[at + 4];
        size_t p = at + 5;
        while (left-- > 0) {
            size_t header = subevent == 0x0d ? 24 : subevent == 0x0b ? 16 : 9;
            if (p + header > end) break;
            for (size_t i = 0; i < header; i++) sum += bytes[p + i];
            size_t length = subevent == 0x0b ? 0 : bytes[p + header - 1];
            p += header;
            if (p + length > end) break;
            size_t ad = p, stop = p + length;
            while (ad < stop && bytes[ad] != 0) {
                size_t next = ad + 1 + bytes[ad];
                if (next > stop) break;
                for (; ad < next; ad++) sum = sum * 31 + bytes[ad];
            }
            p = stop;
            if (subevent == 0x02) sum += bytes[p++];
            seen++;
        }
        at = end;
    }
    *reports = seen;
    return sum;
}
