#ifndef FOOTBRIDGE_CBAREQUEUE_H
#define FOOTBRIDGE_CBAREQUEUE_H

#include <stddef.h>
#include <stdint.h>

/* The queue's rows inserted by nothing but SQLite's C interface: what `make bench` holds the queue against. */
struct bare_run {
    /* The bodies one after another, and where each begins; `lengths` says where it ends. */
    const uint8_t *bytes;
    const size_t *starts;
    const int32_t *lengths;
    /* How many bodies there are; they are taken in turn. */
    size_t bodies;
    /* Rows to insert, and rows in one transaction. */
    size_t rows;
    size_t group;
};

/* Makes a new file in WAL mode with synchronous=FULL and inserts.
   Returns 0, or SQLite's result code. */
int bare_insert(const char *path, const struct bare_run *run);

/* Appends `count` blocks of 4 KiB to a new file, with fdatasync after each.
   Returns 0, or errno. */
int bare_fsync(const char *path, size_t count);

#endif
