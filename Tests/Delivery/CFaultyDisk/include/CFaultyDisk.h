#ifndef C_FAULTY_DISK_H
#define C_FAULTY_DISK_H

#include <stdbool.h>
#include <stdint.h>

/// A disk in memory for SQLite: what is written stands in a volatile cache until it is synced, and a power cut loses or
/// tears what has not been. Everything it does follows from its seed and from what is asked of it.
///
/// A disk is one folder. `faulty_disk_create` puts a VFS in front of SQLite's default one; it serves paths below the
/// folders of its disks and passes all others on. In the folder each file stands as it reads at the moment: whoever reads,
/// renames or unlinks it there does so to the disk's file. Such a renaming or unlinking is on disk at once.
typedef struct faulty_disk faulty_disk;

/// What a power cut leaves of the writes that were not synced.
typedef enum {
    /// Nothing.
    faulty_disk_loses_all = 0,
    /// Everything: the process died, the machine did not.
    faulty_disk_keeps_all = 1,
    /// Each sector of 512 bytes or not, whatever the order.
    faulty_disk_keeps_some = 2,
    /// What was written before some moment; the last write torn at a sector.
    faulty_disk_keeps_first = 3,
} faulty_disk_loss;

/// What happens at an operation (write, sync, truncation, deletion) that `faulty_disk_plan` names.
typedef enum {
    faulty_disk_works = 0,
    /// It does not happen, nor does any later one, until the power is back.
    faulty_disk_dies = 1,
    /// EIO. After a failed sync nothing tells whether its writes are on disk: they may be lost although read back.
    faulty_disk_fails = 2,
    /// ENOSPC.
    faulty_disk_is_full = 3,
} faulty_disk_fault;

/// What a disk does to a file on its own.
typedef enum {
    /// One to eight bits turn.
    faulty_disk_flips_bits = 0,
    /// A page of 4096 bytes reads as zeros.
    faulty_disk_zeroes_page = 1,
    /// Up to a half of the file is gone, from its end.
    faulty_disk_tears_tail = 2,
} faulty_disk_damage_kind;

/// The disk of `folder`, an existing directory; NULL when there is no memory or the directory cannot be resolved.
faulty_disk *faulty_disk_create(const char *folder, uint64_t seed);
void faulty_disk_destroy(faulty_disk *disk);

/// Operations so far.
uint64_t faulty_disk_operations(faulty_disk *disk);
/// The `after`th operation from now on (0 is the next one) meets `fault`, and the `count - 1` after it do, too.
void faulty_disk_plan(faulty_disk *disk, faulty_disk_fault fault, uint64_t after, uint64_t count);
/// True between the moment of `faulty_disk_dies` and `faulty_disk_power_on`.
bool faulty_disk_is_dead(faulty_disk *disk);
/// The bytes that all files together may have; a write beyond fails as on a full file system.
void faulty_disk_set_capacity(faulty_disk *disk, int64_t bytes);
/// As a file system that the kernel has remounted read-only after an error.
void faulty_disk_set_read_only(faulty_disk *disk, bool read_only);
/// Writes, syncs and truncations of the file `name` (its last path component) meet EIO from now on, until NULL is given: bad
/// sectors that are only in this file.
void faulty_disk_refuse(faulty_disk *disk, const char *name);
/// Syncs are confirmed and do nothing.
void faulty_disk_set_lying(faulty_disk *disk, bool lying);

/// Nothing works from now on, until `faulty_disk_power_on`. Whoever has files open closes them in between: what a process does
/// on its way out must not reach the disk.
void faulty_disk_power_off(faulty_disk *disk);
/// From now on the files hold what `loss` left of them. Handles from before fail for ever.
void faulty_disk_power_on(faulty_disk *disk, faulty_disk_loss loss);

/// Damages a file as it reads and as it is on the disk for certain. False when it is missing or has less than two pages.
bool faulty_disk_damage(faulty_disk *disk, const char *name, faulty_disk_damage_kind kind);

/// Bytes of all files as they read now; of one file when `name` (its last path component) is not NULL.
int64_t faulty_disk_bytes(faulty_disk *disk, const char *name);
/// Keeps the files as they read now, for `faulty_disk_restore`; replaces what was kept before.
void faulty_disk_backup(faulty_disk *disk);
/// Puts the kept files in place of the present ones, all of them on disk. False when nothing is kept.
bool faulty_disk_restore(faulty_disk *disk);

#endif
