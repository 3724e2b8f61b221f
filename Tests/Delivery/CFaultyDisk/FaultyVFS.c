#include "FaultyDisk.h"
#include <stdlib.h>
#include <string.h>

/// One open file. `sqlite3_file` comes first, as SQLite wants it.
typedef struct {
    sqlite3_file base;
    faulty_disk *disk;
    inode *file;
    char *name;
    uint64_t generation;
    int level;
    unsigned shared_mask, exclusive_mask;
    bool delete_on_close, read_only, maps;
} handle;

static sqlite3_vfs *below;
static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/// True when the handle is of the disk's present life; the disk is then locked.
static bool enter(handle *h) {
    pthread_mutex_lock(&h->disk->lock);
    if (h->generation == h->disk->generation && !h->disk->dead) return true;
    pthread_mutex_unlock(&h->disk->lock);
    return false;
}

static int leave(handle *h, int code) {
    pthread_mutex_unlock(&h->disk->lock);
    return code;
}

static int refusal(faulty_disk_fault fault, int code) {
    return fault == faulty_disk_is_full ? SQLITE_FULL : code;
}

/// What the operation meets: the disk's own fault, or that of this file alone.
static faulty_disk_fault operation(handle *h) {
    faulty_disk_fault fault = disk_operation(h->disk);
    bool refused = h->disk->refused && strcmp(h->disk->refused, h->name) == 0;
    return fault == faulty_disk_works && refused ? faulty_disk_fails : fault;
}

static int disk_close(sqlite3_file *base) {
    handle *h = (handle *)base;
    pthread_mutex_lock(&h->disk->lock);
    h->file->handles--;
    if (h->delete_on_close) {
        entry *found = folder_find(h->disk, h->name, false);
        if (found && found->now == h->file) {
            folder_place(h->disk, found->name, NULL);
            found->now->linked--;
            found->now = NULL;
        }
    }
    inode_release(h->file);
    pthread_mutex_unlock(&h->disk->lock);
    free(h->name);
    return SQLITE_OK;
}

static int disk_read(sqlite3_file *base, void *into, int length, sqlite3_int64 offset) {
    handle *h = (handle *)base;
    if (!enter(h)) return SQLITE_IOERR_READ;
    int64_t there = h->file->now.length - offset;
    if (there > length) there = length;
    if (there < 0) there = 0;
    if (there > 0) memcpy(into, h->file->now.bytes + offset, (size_t)there);
    memset((char *)into + there, 0, (size_t)(length - there));
    return leave(h, there < length ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
}

static int disk_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
    handle *h = (handle *)base;
    if (!enter(h)) return SQLITE_IOERR_WRITE;
    faulty_disk_fault fault = operation(h);
    if (fault != faulty_disk_works) return leave(h, refusal(fault, SQLITE_IOERR_WRITE));
    if (h->disk->read_only || h->read_only) return leave(h, SQLITE_IOERR_WRITE);
    int64_t growth = offset + length - h->file->now.length;
    if (growth > 0 && disk_used(h->disk) + growth > h->disk->disk_capacity) return leave(h, SQLITE_FULL);
    bool done = inode_note(h->disk, h->file, bytes, length, offset);
    return leave(h, done ? SQLITE_OK : SQLITE_IOERR_NOMEM);
}

static int disk_truncate(sqlite3_file *base, sqlite3_int64 length) {
    handle *h = (handle *)base;
    if (!enter(h)) return SQLITE_IOERR_TRUNCATE;
    faulty_disk_fault fault = operation(h);
    if (fault != faulty_disk_works || h->disk->read_only || h->read_only) return leave(h, SQLITE_IOERR_TRUNCATE);
    bool done = inode_note(h->disk, h->file, NULL, 0, length);
    return leave(h, done ? SQLITE_OK : SQLITE_IOERR_NOMEM);
}

static int disk_sync(sqlite3_file *base, int flags) {
    (void)flags;
    handle *h = (handle *)base;
    if (!enter(h)) return SQLITE_IOERR_FSYNC;
    faulty_disk_fault fault = operation(h);
    if (fault != faulty_disk_works) {
        // Linux marks pages clean that it could not write: they read back, a later sync succeeds, and they are lost.
        if (fault == faulty_disk_fails && disk_random(h->disk) & 1) inode_forget_changes(h->file);
        return leave(h, SQLITE_IOERR_FSYNC);
    }
    if (h->disk->lying) return leave(h, SQLITE_OK);
    inode_sync(h->file);
    entry *found = disk_entry(h->disk, h->name, false);
    if (found && found->now == h->file && found->durable != h->file) {
        // The first sync of a new file brings its name to the disk, too.
        if (found->durable) {
            found->durable->linked--;
            inode_release(found->durable);
        }
        found->durable = h->file;
        h->file->linked++;
    }
    return leave(h, SQLITE_OK);
}

static int disk_file_size(sqlite3_file *base, sqlite3_int64 *size) {
    handle *h = (handle *)base;
    if (!enter(h)) return SQLITE_IOERR_FSTAT;
    *size = h->file->now.length;
    return leave(h, SQLITE_OK);
}

static int disk_lock(sqlite3_file *base, int level) {
    handle *h = (handle *)base;
    if (!enter(h)) return SQLITE_IOERR_LOCK;
    inode *file = h->file;
    if (h->level >= level) return leave(h, SQLITE_OK);
    if (level == SQLITE_LOCK_SHARED) {
        if (file->exclusive || file->pending) return leave(h, SQLITE_BUSY);
        file->shared++;
    } else {
        // As fcntl(2) of a descriptor that was opened for reading.
        if (h->read_only) return leave(h, SQLITE_IOERR_LOCK);
        if (file->writer && file->writer != h) return leave(h, SQLITE_BUSY);
        file->writer = h;
        if (level == SQLITE_LOCK_EXCLUSIVE) {
            if (file->shared > 1) {
                file->pending = true;
                h->level = SQLITE_LOCK_PENDING;
                return leave(h, SQLITE_BUSY);
            }
            file->exclusive = true;
        }
    }
    h->level = level;
    return leave(h, SQLITE_OK);
}

static int disk_unlock(sqlite3_file *base, int level) {
    handle *h = (handle *)base;
    pthread_mutex_lock(&h->disk->lock);
    inode *file = h->file;
    if (h->level > level) {
        if (file->writer == h) {
            file->writer = NULL;
            file->pending = file->exclusive = false;
        }
        if (level == SQLITE_LOCK_NONE) file->shared--;
        h->level = level;
    }
    return leave(h, SQLITE_OK);
}

static int disk_check_reserved(sqlite3_file *base, int *reserved) {
    handle *h = (handle *)base;
    if (!enter(h)) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    *reserved = h->file->writer != NULL;
    return leave(h, SQLITE_OK);
}

static int disk_file_control(sqlite3_file *base, int operation, void *argument) {
    (void)base;
    // Debian's SQLite asks before it takes a write for atomic in pieces; any other answer is the default.
    if (operation == SQLITE_FCNTL_POWERSAFE_OVERWRITE && *(int *)argument < 0) *(int *)argument = 1;
    return operation == SQLITE_FCNTL_POWERSAFE_OVERWRITE ? SQLITE_OK : SQLITE_NOTFOUND;
}

/// As the unix VFS answers.
static int disk_sector_size(sqlite3_file *base) {
    (void)base;
    return 4096;
}

static int disk_characteristics(sqlite3_file *base) {
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static void forget_regions(inode *file) {
    for (int i = 0; i < file->region_count; i++) free(file->regions[i]);
    file->region_count = 0;
}

static int disk_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **into) {
    handle *h = (handle *)base;
    *into = NULL;
    if (!enter(h)) return SQLITE_IOERR_SHMMAP;
    inode *file = h->file;
    if (region >= MAXIMUM_REGIONS) return leave(h, SQLITE_IOERR_SHMMAP);
    if (!h->maps) {
        // As the unix VFS: who comes first finds an empty index and recovers the log, whatever the last one left.
        if (file->mappers++ == 0) forget_regions(file);
        h->maps = true;
    }
    while (extend && file->region_count <= region) {
        void *made = calloc(1, (size_t)size);
        if (!made) return leave(h, SQLITE_NOMEM);
        file->regions[file->region_count++] = made;
    }
    if (region < file->region_count) *into = file->regions[region];
    return leave(h, SQLITE_OK);
}

static void release_slots(handle *h, unsigned mask) {
    for (int i = 0; i < SQLITE_SHM_NLOCK; i++) {
        unsigned bit = 1u << i;
        if (!(mask & bit)) continue;
        if (h->shared_mask & bit) h->file->shared_slots[i]--;
        if (h->exclusive_mask & bit) h->file->exclusive_slots[i] = false;
        h->shared_mask &= ~bit;
        h->exclusive_mask &= ~bit;
    }
}

static int disk_shm_lock(sqlite3_file *base, int first, int count, int flags) {
    handle *h = (handle *)base;
    unsigned mask = ((1u << count) - 1) << first;
    pthread_mutex_lock(&h->disk->lock);
    if (flags & SQLITE_SHM_UNLOCK) {
        release_slots(h, mask);
        return leave(h, SQLITE_OK);
    }
    bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1u << i;
        bool others = h->file->shared_slots[i] - (h->shared_mask & bit ? 1 : 0) > 0;
        bool other_writer = h->file->exclusive_slots[i] && !(h->exclusive_mask & bit);
        if (other_writer || (exclusive && others)) return leave(h, SQLITE_BUSY);
    }
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1u << i;
        if (exclusive) {
            h->file->exclusive_slots[i] = true;
            h->exclusive_mask |= bit;
        } else if (!(h->shared_mask & bit)) {
            h->file->shared_slots[i]++;
            h->shared_mask |= bit;
        }
    }
    return leave(h, SQLITE_OK);
}

static void disk_shm_barrier(sqlite3_file *base) {
    (void)base;
    __sync_synchronize();
}

static int disk_shm_unmap(sqlite3_file *base, int delete) {
    handle *h = (handle *)base;
    pthread_mutex_lock(&h->disk->lock);
    release_slots(h, ~0u);
    if (h->maps) h->file->mappers--;
    h->maps = false;
    if (delete && h->file->mappers == 0) forget_regions(h->file);
    return leave(h, SQLITE_OK);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_file_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_check_reserved,
    .xFileControl = disk_file_control,
    .xSectorSize = disk_sector_size,
    .xDeviceCharacteristics = disk_characteristics,
    .xShmMap = disk_shm_map,
    .xShmLock = disk_shm_lock,
    .xShmBarrier = disk_shm_barrier,
    .xShmUnmap = disk_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out) {
    (void)vfs;
    faulty_disk *disk = path ? disk_of_path(path) : NULL;
    if (!disk) return below->xOpen(below, path, base, flags, out);
    handle *h = (handle *)base;
    memset(h, 0, sizeof *h);
    pthread_mutex_lock(&disk->lock);
    entry *found = disk->dead ? NULL : folder_find(disk, file_name(path), flags & SQLITE_OPEN_CREATE);
    bool read_only = disk->read_only || !(flags & SQLITE_OPEN_READWRITE);
    if (!found || (!found->now && (!(flags & SQLITE_OPEN_CREATE) || disk->read_only))) {
        pthread_mutex_unlock(&disk->lock);
        return SQLITE_CANTOPEN;
    }
    if (!found->now) {
        found->now = inode_create();
        found->now->linked = 1;
        folder_place(disk, found->name, found->now);
    }
    found->now->handles++;
    *h = (handle){.disk = disk, .file = found->now, .generation = disk->generation, .read_only = read_only,
                  .delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE, .name = strdup(file_name(path))};
    h->base.pMethods = &methods;
    if (out) {
        *out = flags;
        if (read_only) *out = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    pthread_mutex_unlock(&disk->lock);
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    (void)vfs;
    faulty_disk *disk = disk_of_path(path);
    if (!disk) return below->xDelete(below, path, sync_directory);
    pthread_mutex_lock(&disk->lock);
    int code = SQLITE_OK;
    entry *found = folder_find(disk, file_name(path), false);
    if (disk->dead || disk_operation(disk) != faulty_disk_works || disk->read_only) {
        code = SQLITE_IOERR_DELETE;
    } else if (!found || !found->now) {
        code = SQLITE_IOERR_DELETE_NOENT;
    } else {
        folder_place(disk, found->name, NULL);
        found->now->linked--;
        inode_release(found->now);
        found->now = NULL;
        if (sync_directory && !disk->lying && found->durable) {
            found->durable->linked--;
            inode_release(found->durable);
            found->durable = NULL;
        }
    }
    pthread_mutex_unlock(&disk->lock);
    return code;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    (void)vfs;
    faulty_disk *disk = disk_of_path(path);
    if (!disk) return below->xAccess(below, path, flags, result);
    pthread_mutex_lock(&disk->lock);
    entry *found = folder_find(disk, file_name(path), false);
    bool there = found && found->now;
    // As the unix VFS: an empty file does not exist for a journal's sake.
    if (flags == SQLITE_ACCESS_EXISTS && there) there = found->now->now.length > 0;
    if (flags == SQLITE_ACCESS_READWRITE && disk->read_only) there = false;
    *result = there;
    int code = disk->dead ? SQLITE_IOERR_ACCESS : SQLITE_OK;
    pthread_mutex_unlock(&disk->lock);
    return code;
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *path, int size, char *into) {
    (void)vfs;
    return below->xFullPathname(below, path, size, into);
}

static sqlite3_vfs front;

static void register_once(void) {
    below = sqlite3_vfs_find(NULL);
    if (!below) return;
    front = *below;
    front.zName = "faulty-disk";
    front.pNext = NULL;
    if (front.szOsFile < (int)sizeof(handle)) front.szOsFile = (int)sizeof(handle);
    front.xOpen = vfs_open;
    front.xDelete = vfs_delete;
    front.xAccess = vfs_access;
    front.xFullPathname = vfs_full_pathname;
    if (sqlite3_vfs_register(&front, 1) != SQLITE_OK) below = NULL;
}

bool vfs_register(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_once);
    return below != NULL;
}
