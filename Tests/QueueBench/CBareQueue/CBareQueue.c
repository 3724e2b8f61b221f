#include "CBareQueue.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* As wide as the queue's own table (Sources/Outbox/OutboxSchema.swift). */
static const char schema[] =
    "CREATE TABLE event (sequence INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, priority INTEGER NOT NULL,"
    " enqueued_at INTEGER NOT NULL, gap_first INTEGER, gap TEXT, body BLOB NOT NULL, crc INTEGER)";

static int insert_all(sqlite3 *db, sqlite3_stmt *insert, const struct bare_run *run) {
    int code = SQLITE_OK;
    for (size_t done = 0; done < run->rows && code == SQLITE_OK;) {
        code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        for (size_t i = 0; i < run->group && done < run->rows && code == SQLITE_OK; i++, done++) {
            size_t body = done % run->bodies;
            sqlite3_bind_int64(insert, 1, (sqlite3_int64)done + 1);
            sqlite3_bind_text(insert, 2, "receipt.captured", -1, SQLITE_STATIC);
            sqlite3_bind_int64(insert, 3, 3);
            sqlite3_bind_int64(insert, 4, 1790000000000000000 + (sqlite3_int64)done);
            sqlite3_bind_blob(insert, 5, run->bytes + run->starts[body], run->lengths[body], SQLITE_STATIC);
            sqlite3_bind_int64(insert, 6, (sqlite3_int64)(0x80000000u ^ (uint32_t)done * 2654435761u));
            code = sqlite3_step(insert);
            if (code == SQLITE_DONE) code = SQLITE_OK;
            sqlite3_reset(insert);
        }
        if (code == SQLITE_OK) code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    }
    return code;
}

int bare_insert(const char *path, const struct bare_run *run) {
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    int code = sqlite3_open(path, &db);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", NULL, NULL, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(db, schema, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(
            db, "INSERT INTO event (sequence, type, priority, enqueued_at, body, crc) VALUES (?, ?, ?, ?, ?, ?)", -1,
            &insert, NULL);
    if (code == SQLITE_OK) code = insert_all(db, insert, run);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return code;
}

int bare_fsync(const char *path, size_t count) {
    char block[4096];
    memset(block, 0x5A, sizeof block);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        if (write(file, block, sizeof block) != (ssize_t)sizeof block || fdatasync(file) != 0) result = errno;
    close(file);
    return result;
}
