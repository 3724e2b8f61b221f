#include "FaultyDisk.h"

enum { PAGE = 4096 };

static void flip_bits(faulty_disk *disk, inode *file) {
    for (uint64_t left = 1 + disk_random(disk) % 8; left > 0; left--) {
        int64_t at = (int64_t)(disk_random(disk) % (uint64_t)file->now.length);
        unsigned char turned = file->now.bytes[at] ^ (unsigned char)(1u << disk_random(disk) % 8);
        inode_rot(file, &turned, 1, at);
    }
}

static void zero_page(faulty_disk *disk, inode *file) {
    static const unsigned char zeros[PAGE];
    int64_t page = (int64_t)(disk_random(disk) % (uint64_t)(file->now.length / PAGE));
    inode_rot(file, zeros, PAGE, page * PAGE);
}

static void tear_tail(faulty_disk *disk, inode *file) {
    int64_t lost = 1 + (int64_t)(disk_random(disk) % (uint64_t)(file->now.length / 2));
    inode_rot(file, NULL, 0, file->now.length - lost);
}

bool faulty_disk_damage(faulty_disk *disk, const char *name, faulty_disk_damage_kind kind) {
    pthread_mutex_lock(&disk->lock);
    folder_follow(disk);
    entry *found = disk_entry(disk, name, false);
    inode *file = found ? found->now : NULL;
    bool can = file && file->now.length >= 2 * PAGE;
    if (can) {
        switch (kind) {
        case faulty_disk_flips_bits: flip_bits(disk, file); break;
        case faulty_disk_zeroes_page: zero_page(disk, file); break;
        case faulty_disk_tears_tail: tear_tail(disk, file); break;
        }
    }
    pthread_mutex_unlock(&disk->lock);
    return can;
}
