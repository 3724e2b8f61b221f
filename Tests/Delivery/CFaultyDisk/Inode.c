#include "FaultyDisk.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

inode *inode_create(void) {
    inode *file = calloc(1, sizeof *file);
    if (!file) abort();
    file->real = -1;
    return file;
}

void inode_release(inode *file) {
    if (file->linked > 0 || file->handles > 0) return;
    inode_forget_changes(file);
    free(file->changes);
    free(file->now.bytes);
    free(file->durable.bytes);
    for (int i = 0; i < file->region_count; i++) free(file->regions[i]);
    if (file->real >= 0) close(file->real);
    free(file);
}

bool content_write(content *content, const void *bytes, int64_t length, int64_t offset) {
    int64_t end = offset + length;
    if (end > content->capacity) {
        int64_t capacity = content->capacity ? content->capacity : 4096;
        while (capacity < end) capacity *= 2;
        unsigned char *grown = realloc(content->bytes, (size_t)capacity);
        if (!grown) return false;
        memset(grown + content->capacity, 0, (size_t)(capacity - content->capacity));
        content->bytes = grown;
        content->capacity = capacity;
    }
    if (length > 0) memcpy(content->bytes + offset, bytes, (size_t)length);
    if (end > content->length) content->length = end;
    return true;
}

void content_truncate(content *content, int64_t length) {
    if (length < content->length) {
        memset(content->bytes + length, 0, (size_t)(content->length - length));
        content->length = length;
    } else if (length > content->length) {
        content_write(content, NULL, 0, length);
    }
}

void content_apply(content *content, const change *made) {
    if (made->bytes) {
        content_write(content, made->bytes, made->length, made->offset);
    } else {
        content_truncate(content, made->offset);
    }
}

void inode_mirror(inode *file, const void *bytes, int64_t length, int64_t offset) {
    if (file->real < 0) return;
    if (!bytes) {
        if (ftruncate(file->real, offset) != 0) abort();
        return;
    }
    for (int64_t done = 0; done < length;) {
        ssize_t written = pwrite(file->real, (const char *)bytes + done, (size_t)(length - done), offset + done);
        if (written <= 0) abort();
        done += written;
    }
}

bool inode_note(faulty_disk *disk, inode *file, const void *bytes, int64_t length, int64_t offset) {
    if (file->count == file->capacity) {
        size_t capacity = file->capacity ? file->capacity * 2 : 16;
        change *grown = realloc(file->changes, capacity * sizeof *grown);
        if (!grown) return false;
        file->changes = grown;
        file->capacity = capacity;
    }
    change made = {.number = disk->changes++, .offset = offset, .length = length};
    if (bytes) {
        made.bytes = malloc((size_t)length + 1);
        if (!made.bytes) return false;
        memcpy(made.bytes, bytes, (size_t)length);
    }
    content_apply(&file->now, &made);
    inode_mirror(file, made.bytes, length, offset);
    file->changes[file->count++] = made;
    return true;
}

void inode_sync(inode *file) {
    for (size_t i = 0; i < file->count; i++) content_apply(&file->durable, &file->changes[i]);
    inode_forget_changes(file);
}

void inode_forget_changes(inode *file) {
    for (size_t i = 0; i < file->count; i++) free(file->changes[i].bytes);
    file->count = 0;
}

static void content_rot(content *content, const void *bytes, int64_t length, int64_t offset) {
    if (!bytes) {
        if (content->length > offset) content_truncate(content, offset);
    } else if (offset + length <= content->length) {
        content_write(content, bytes, length, offset);
    }
}

void inode_rot(inode *file, const void *bytes, int64_t length, int64_t offset) {
    content_rot(&file->now, bytes, length, offset);
    content_rot(&file->durable, bytes, length, offset);
    inode_mirror(file, bytes, length, offset);
}
