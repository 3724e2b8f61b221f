#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

#include "CFaultyDisk.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>
#include <sys/types.h>

enum { SECTOR = 512, MAXIMUM_REGIONS = 64 };

typedef struct {
    unsigned char *bytes;
    int64_t length, capacity;
} content;

/// A write or, with `bytes` NULL, a truncation to `offset`.
typedef struct {
    uint64_t number;
    int64_t offset, length;
    unsigned char *bytes;
} change;

typedef struct {
    /// What a reader sees, and what is on the disk for certain.
    content now, durable;
    change *changes;
    size_t count, capacity;
    int handles, shared, linked, mappers;
    /// The file in the real folder that shows `now`; its descriptor is open as long as the inode lives, so that its number
    /// is no other's.
    int real;
    dev_t device;
    ino_t number;
    void *writer;
    bool pending, exclusive;
    void *regions[MAXIMUM_REGIONS];
    int region_count, shared_slots[SQLITE_SHM_NLOCK];
    bool exclusive_slots[SQLITE_SHM_NLOCK];
} inode;

typedef struct {
    char *name;
    /// The directory as it reads, and as it is on the disk for certain.
    inode *now, *durable;
} entry;

typedef struct {
    char *name;
    content content;
} kept;

struct faulty_disk {
    char *folder;
    size_t folder_length;
    pthread_mutex_t lock;
    uint64_t random, generation, operations, changes;
    faulty_disk_fault fault;
    uint64_t fault_from, fault_until;
    bool dead, read_only, lying;
    /// The file whose writes fail, NULL for none.
    char *refused;
    int64_t disk_capacity;
    entry *entries;
    size_t entry_count;
    kept *backup;
    size_t backup_count;
    faulty_disk *next;
};

uint64_t disk_random(faulty_disk *disk);
/// Counts one operation and tells what it meets.
faulty_disk_fault disk_operation(faulty_disk *disk);
entry *disk_entry(faulty_disk *disk, const char *name, bool make);
int64_t disk_used(faulty_disk *disk);
void entry_clear(entry *found);

/// Makes the real file that shows `file`, in place of any other of that name; with NULL that name is free afterwards.
void folder_place(faulty_disk *disk, const char *name, inode *file);
/// Carries out what was renamed and unlinked in the real folder; on disk at once.
void folder_follow(faulty_disk *disk);
/// As `disk_entry`, after the folder was followed; takes over a file that was made there.
entry *folder_find(faulty_disk *disk, const char *name, bool make);

inode *inode_create(void);
/// Frees it when no name and no handle is left.
void inode_release(inode *file);
bool content_write(content *content, const void *bytes, int64_t length, int64_t offset);
void content_truncate(content *content, int64_t length);
bool inode_note(faulty_disk *disk, inode *file, const void *bytes, int64_t length, int64_t offset);
void inode_sync(inode *file);
void inode_forget_changes(inode *file);
/// Writes to, or with `bytes` NULL truncates, the real file.
void inode_mirror(inode *file, const void *bytes, int64_t length, int64_t offset);
void content_apply(content *content, const change *change);
/// As `inode_mirror`, and the same to what readers see and to what is on the disk for certain: nobody asked for it.
void inode_rot(inode *file, const void *bytes, int64_t length, int64_t offset);

/// The disk that the path is on, NULL for any other path. Never destroyed while SQLite has a file of it open.
faulty_disk *disk_of_path(const char *path);
extern pthread_mutex_t disks_lock;
extern faulty_disk *disks;
bool vfs_register(void);

#endif
