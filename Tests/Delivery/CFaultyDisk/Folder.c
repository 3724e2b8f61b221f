#include "FaultyDisk.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Every file of the disk has a real one in the folder, with the bytes that a reader sees. A program that reads, renames or
/// unlinks files without SQLite does it to these; whose name is whose is looked up by the real file's inode.

enum { PATH_BYTES = 4096 };

static void real_path(faulty_disk *disk, const char *name, char into[PATH_BYTES]) {
    snprintf(into, PATH_BYTES, "%s/%s", disk->folder, name);
}

static bool stands(faulty_disk *disk, const char *name, const inode *file) {
    char path[PATH_BYTES];
    struct stat found;
    real_path(disk, name, path);
    return lstat(path, &found) == 0 && found.st_dev == file->device && found.st_ino == file->number;
}

static void take(inode *file, int descriptor) {
    struct stat found;
    if (descriptor < 0 || fstat(descriptor, &found) != 0) abort();
    file->real = descriptor;
    file->device = found.st_dev;
    file->number = found.st_ino;
}

void folder_place(faulty_disk *disk, const char *name, inode *file) {
    char path[PATH_BYTES];
    real_path(disk, name, path);
    unlink(path);
    if (!file) return;
    take(file, open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file->now.length > 0) inode_mirror(file, file->now.bytes, file->now.length, 0);
}

/// The name that the real file stands under, to be freed; NULL when it was unlinked.
static char *name_of(faulty_disk *disk, const inode *file) {
    DIR *folder = opendir(disk->folder);
    char *name = NULL;
    for (struct dirent *one = folder ? readdir(folder) : NULL; one && !name; one = readdir(folder)) {
        if (one->d_ino == file->number && stands(disk, one->d_name, file)) name = strdup(one->d_name);
    }
    if (folder) closedir(folder);
    return name;
}

void folder_follow(faulty_disk *disk) {
    enum { MOST = 64 };
    inode *away[MOST];
    size_t count = 0;
    for (size_t i = 0; i < disk->entry_count && count < MOST; i++) {
        inode *file = disk->entries[i].now;
        if (!file || stands(disk, disk->entries[i].name, file)) continue;
        // Held until it has its new name.
        file->handles++;
        away[count++] = file;
        entry_clear(&disk->entries[i]);
    }
    for (size_t i = 0; i < count; i++) {
        inode *file = away[i];
        char *name = name_of(disk, file);
        file->handles--;
        if (name) {
            entry *found = disk_entry(disk, name, true);
            entry_clear(found);
            found->now = found->durable = file;
            file->linked = 2;
            free(name);
        } else {
            inode_release(file);
        }
    }
}

entry *folder_find(faulty_disk *disk, const char *name, bool make) {
    folder_follow(disk);
    entry *found = disk_entry(disk, name, make);
    if (found && found->now) return found;
    char path[PATH_BYTES];
    real_path(disk, name, path);
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return found;
    // Made without SQLite.
    if (!found) found = disk_entry(disk, name, true);
    inode *file = found->now = inode_create();
    file->linked = 1;
    take(file, descriptor);
    unsigned char piece[4096];
    ssize_t length;
    while ((length = pread(descriptor, piece, sizeof piece, file->now.length)) > 0) {
        int64_t at = file->now.length;
        content_write(&file->now, piece, length, at);
        content_write(&file->durable, piece, length, at);
    }
    return found;
}
