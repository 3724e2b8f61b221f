#include "FaultyDisk.h"
#include <stdlib.h>
#include <string.h>

pthread_mutex_t disks_lock = PTHREAD_MUTEX_INITIALIZER;
faulty_disk *disks;

/// SplitMix64 (Steele, Lea, Flood 2014).
uint64_t disk_random(faulty_disk *disk) {
    uint64_t z = (disk->random += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

faulty_disk *faulty_disk_create(const char *folder, uint64_t seed) {
    faulty_disk *disk = calloc(1, sizeof *disk);
    if (!disk) return NULL;
    disk->folder = realpath(folder, NULL);
    if (!disk->folder || !vfs_register()) {
        free(disk->folder);
        free(disk);
        return NULL;
    }
    disk->folder_length = strlen(disk->folder);
    disk->random = seed;
    disk->disk_capacity = INT64_MAX;
    pthread_mutex_init(&disk->lock, NULL);
    pthread_mutex_lock(&disks_lock);
    disk->next = disks;
    disks = disk;
    pthread_mutex_unlock(&disks_lock);
    return disk;
}

void entry_clear(entry *found) {
    if (found->now) {
        found->now->linked--;
        inode_release(found->now);
    }
    if (found->durable) {
        found->durable->linked--;
        inode_release(found->durable);
    }
    found->now = found->durable = NULL;
}

static void drop_backup(faulty_disk *disk) {
    for (size_t i = 0; i < disk->backup_count; i++) {
        free(disk->backup[i].name);
        free(disk->backup[i].content.bytes);
    }
    free(disk->backup);
    disk->backup = NULL;
    disk->backup_count = 0;
}

void faulty_disk_destroy(faulty_disk *disk) {
    pthread_mutex_lock(&disks_lock);
    for (faulty_disk **at = &disks; *at; at = &(*at)->next) {
        if (*at == disk) {
            *at = disk->next;
            break;
        }
    }
    pthread_mutex_unlock(&disks_lock);
    for (size_t i = 0; i < disk->entry_count; i++) {
        entry_clear(&disk->entries[i]);
        free(disk->entries[i].name);
    }
    free(disk->entries);
    drop_backup(disk);
    pthread_mutex_destroy(&disk->lock);
    free(disk->refused);
    free(disk->folder);
    free(disk);
}

faulty_disk *disk_of_path(const char *path) {
    pthread_mutex_lock(&disks_lock);
    faulty_disk *found = disks;
    while (found && !(strncmp(path, found->folder, found->folder_length) == 0 && path[found->folder_length] == '/')) {
        found = found->next;
    }
    pthread_mutex_unlock(&disks_lock);
    return found;
}

entry *disk_entry(faulty_disk *disk, const char *name, bool make) {
    for (size_t i = 0; i < disk->entry_count; i++) {
        if (strcmp(disk->entries[i].name, name) == 0) return &disk->entries[i];
    }
    if (!make) return NULL;
    entry *grown = realloc(disk->entries, (disk->entry_count + 1) * sizeof *grown);
    char *copy = strdup(name);
    if (!grown || !copy) abort();
    disk->entries = grown;
    entry *made = &grown[disk->entry_count++];
    *made = (entry){.name = copy};
    return made;
}

faulty_disk_fault disk_operation(faulty_disk *disk) {
    uint64_t number = disk->operations++;
    if (disk->dead) return faulty_disk_dies;
    if (disk->fault == faulty_disk_works || number < disk->fault_from || number >= disk->fault_until) {
        return faulty_disk_works;
    }
    if (disk->fault == faulty_disk_dies) disk->dead = true;
    return disk->fault;
}

int64_t disk_used(faulty_disk *disk) {
    int64_t sum = 0;
    for (size_t i = 0; i < disk->entry_count; i++) {
        if (disk->entries[i].now) sum += disk->entries[i].now->now.length;
    }
    return sum;
}

uint64_t faulty_disk_operations(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    uint64_t count = disk->operations;
    pthread_mutex_unlock(&disk->lock);
    return count;
}

void faulty_disk_plan(faulty_disk *disk, faulty_disk_fault fault, uint64_t after, uint64_t count) {
    pthread_mutex_lock(&disk->lock);
    disk->fault = fault;
    disk->fault_from = disk->operations + after;
    disk->fault_until = disk->fault_from + count;
    pthread_mutex_unlock(&disk->lock);
}

bool faulty_disk_is_dead(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    bool dead = disk->dead;
    pthread_mutex_unlock(&disk->lock);
    return dead;
}

void faulty_disk_set_capacity(faulty_disk *disk, int64_t bytes) {
    pthread_mutex_lock(&disk->lock);
    disk->disk_capacity = bytes;
    pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_set_read_only(faulty_disk *disk, bool read_only) {
    pthread_mutex_lock(&disk->lock);
    disk->read_only = read_only;
    pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_refuse(faulty_disk *disk, const char *name) {
    pthread_mutex_lock(&disk->lock);
    free(disk->refused);
    disk->refused = name ? strdup(name) : NULL;
    pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_set_lying(faulty_disk *disk, bool lying) {
    pthread_mutex_lock(&disk->lock);
    disk->lying = lying;
    pthread_mutex_unlock(&disk->lock);
}

/// What the cut leaves of one change, written over `content`.
static void survive(faulty_disk *disk, content *content, const change *made, faulty_disk_loss loss, uint64_t last) {
    bool kept = false;
    switch (loss) {
    case faulty_disk_loses_all: return;
    case faulty_disk_keeps_all: kept = true; break;
    case faulty_disk_keeps_first: kept = made->number < last; break;
    case faulty_disk_keeps_some: kept = !made->bytes && disk_random(disk) & 1; break;
    }
    if (kept) {
        content_apply(content, made);
        return;
    }
    if (!made->bytes || (loss == faulty_disk_keeps_first && made->number != last)) return;
    uint64_t torn = disk_random(disk) % (uint64_t)(made->length / SECTOR + 1);
    for (int64_t at = 0, piece = 0; at < made->length; at = piece) {
        // Sectors of the disk, not of the write.
        piece = at + SECTOR - (made->offset + at) % SECTOR;
        if (piece > made->length) piece = made->length;
        bool stays = loss == faulty_disk_keeps_first ? torn > 0 : disk_random(disk) & 1;
        if (torn > 0) torn--;
        if (stays) content_write(content, made->bytes + at, piece - at, made->offset + at);
    }
}

static inode *survivor(faulty_disk *disk, inode *file, faulty_disk_loss loss, uint64_t last) {
    if (!file) return NULL;
    inode *left = inode_create();
    content_write(&left->durable, file->durable.bytes, file->durable.length, 0);
    for (size_t i = 0; i < file->count; i++) survive(disk, &left->durable, &file->changes[i], loss, last);
    content_write(&left->now, left->durable.bytes, left->durable.length, 0);
    return left;
}

void faulty_disk_power_off(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    disk->dead = true;
    pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_power_on(faulty_disk *disk, faulty_disk_loss loss) {
    pthread_mutex_lock(&disk->lock);
    folder_follow(disk);
    uint64_t oldest = disk->changes, last = 0;
    for (size_t i = 0; i < disk->entry_count; i++) {
        inode *file = disk->entries[i].now;
        if (file && file->count && file->changes[0].number < oldest) oldest = file->changes[0].number;
    }
    last = oldest + disk_random(disk) % (disk->changes - oldest + 1);
    for (size_t i = 0; i < disk->entry_count; i++) {
        entry *found = &disk->entries[i];
        inode *chosen = found->now;
        if (found->now != found->durable && loss != faulty_disk_keeps_all) {
            // A name that was made or taken away without a sync: either directory may be on the disk.
            if (loss == faulty_disk_loses_all || disk_random(disk) & 1) chosen = found->durable;
        }
        inode *left = survivor(disk, chosen, loss, last);
        entry_clear(found);
        found->now = found->durable = left;
        if (left) left->linked = 2;
        folder_place(disk, found->name, left);
    }
    disk->generation++;
    disk->dead = false;
    disk->fault = faulty_disk_works;
    pthread_mutex_unlock(&disk->lock);
}

int64_t faulty_disk_bytes(faulty_disk *disk, const char *name) {
    pthread_mutex_lock(&disk->lock);
    int64_t bytes = 0;
    folder_follow(disk);
    if (name) {
        entry *found = disk_entry(disk, name, false);
        if (found && found->now) bytes = found->now->now.length;
    } else {
        bytes = disk_used(disk);
    }
    pthread_mutex_unlock(&disk->lock);
    return bytes;
}

void faulty_disk_backup(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    drop_backup(disk);
    folder_follow(disk);
    disk->backup = calloc(disk->entry_count + 1, sizeof *disk->backup);
    if (!disk->backup) abort();
    for (size_t i = 0; i < disk->entry_count; i++) {
        inode *file = disk->entries[i].now;
        if (!file) continue;
        kept *copy = &disk->backup[disk->backup_count++];
        copy->name = strdup(disk->entries[i].name);
        content_write(&copy->content, file->now.bytes, file->now.length, 0);
    }
    pthread_mutex_unlock(&disk->lock);
}

bool faulty_disk_restore(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    bool some = disk->backup_count > 0;
    folder_follow(disk);
    for (size_t i = 0; some && i < disk->entry_count; i++) {
        // A file that the disk does not know (a lock) is not its own to take away.
        if (disk->entries[i].now) folder_place(disk, disk->entries[i].name, NULL);
        entry_clear(&disk->entries[i]);
    }
    for (size_t i = 0; i < disk->backup_count; i++) {
        entry *found = disk_entry(disk, disk->backup[i].name, true);
        inode *file = inode_create();
        content_write(&file->now, disk->backup[i].content.bytes, disk->backup[i].content.length, 0);
        content_write(&file->durable, disk->backup[i].content.bytes, disk->backup[i].content.length, 0);
        file->linked = 2;
        found->now = found->durable = file;
        folder_place(disk, found->name, file);
    }
    disk->generation++;
    disk->dead = false;
    disk->fault = faulty_disk_works;
    pthread_mutex_unlock(&disk->lock);
    return some;
}
