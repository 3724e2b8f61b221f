#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/serial.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int fb_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
int fb_accept_cloexec(int fd) { return accept4(fd, NULL, NULL, SOCK_CLOEXEC); }

void fb_set_thread_name(const char *name) {
    char cut[16];
    strncpy(cut, name, sizeof cut - 1);
    cut[sizeof cut - 1] = 0;
    pthread_setname_np(pthread_self(), cut);
}

int fb_forbid_core_dumps(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int fb_tty_exclusive(int fd) { return ioctl(fd, TIOCEXCL); }

int fb_tty_error_counts(int fd, int32_t counts[5]) {
    struct serial_icounter_struct c;
    if (ioctl(fd, TIOCGICOUNT, &c) != 0) return -1;
    counts[0] = c.frame;
    counts[1] = c.overrun;
    counts[2] = c.parity;
    counts[3] = c.brk;
    counts[4] = c.buf_overrun;
    return 0;
}

// The numbers of bluetooth/hci.h, which C code cannot include beside the Swift module made from it.
#define FB_HCIDEVUP _IOW('H', 201, int)
#define FB_HCIDEVDOWN _IOW('H', 202, int)
#define FB_HCIGETDEVLIST _IOR('H', 210, int)
#define FB_HCIGETDEVINFO _IOR('H', 211, int)

int fb_hci_device_up(int fd, uint16_t index) { return ioctl(fd, FB_HCIDEVUP, index); }
int fb_hci_device_down(int fd, uint16_t index) { return ioctl(fd, FB_HCIDEVDOWN, index); }
int fb_hci_device_info(int fd, void *info) { return ioctl(fd, FB_HCIGETDEVINFO, info); }
int fb_usb_reset(int fd) { return ioctl(fd, USBDEVFS_RESET, 0); }

int fb_hci_device_list(int fd, uint16_t *indexes, uint16_t capacity) {
    // struct hci_dev_list_req; the kernel takes up to two pages of entries.
    struct {
        uint16_t count;
        struct { uint16_t index; uint32_t flags; } entries[64];
    } list;
    memset(&list, 0, sizeof list);
    list.count = 64;
    if (ioctl(fd, FB_HCIGETDEVLIST, &list) != 0) return -1;
    int count = list.count < capacity ? list.count : capacity;
    for (int i = 0; i < count; i++) indexes[i] = list.entries[i].index;
    return count;
}

int fb_attach_socket_filter(int fd, const void *instructions, uint16_t count) {
    struct sock_fprog program = {.len = count, .filter = (struct sock_filter *)instructions};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int fb_has_capability(int capability) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    if (capability < 0 || capability > 63 || syscall(SYS_capget, &header, data) != 0) return 0;
    return (int)(data[capability / 32].effective >> (capability % 32)) & 1;
}

int fb_end_with_parent(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return -1;
    // The parent may have ended before the call.
    if (getppid() == parent) return 0;
    errno = ESRCH;
    return -1;
}

int64_t fb_boottime_nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int fb_clock_synchronised(void) {
    struct timex t;
    memset(&t, 0, sizeof t);
    int state = adjtimex(&t);
    return state != TIME_ERROR && !(t.status & STA_UNSYNC);
}

int fb_sd_notify(const char *state) {
    const char *path = getenv("NOTIFY_SOCKET");
    if (!path || !*path) return 0;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    int saved = errno;
    close(fd);
    errno = saved;
    return sent < 0 ? -1 : 1;
}

CURLMcode fb_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) { return curl_multi_setopt(handle, option, value); }
CURLcode fb_curl_set_long(CURL *handle, CURLoption option, long value) { return curl_easy_setopt(handle, option, value); }
CURLcode fb_curl_set_off(CURL *handle, CURLoption option, curl_off_t value) { return curl_easy_setopt(handle, option, value); }
CURLcode fb_curl_set_string(CURL *handle, CURLoption option, const char *value) { return curl_easy_setopt(handle, option, value); }
CURLcode fb_curl_set_pointer(CURL *handle, CURLoption option, void *value) { return curl_easy_setopt(handle, option, value); }
CURLcode fb_curl_set_data_callback(CURL *handle, CURLoption option, fb_curl_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}
CURLcode fb_curl_get_long(CURL *handle, CURLINFO info, long *value) { return curl_easy_getinfo(handle, info, value); }
CURLcode fb_curl_get_off(CURL *handle, CURLINFO info, curl_off_t *value) { return curl_easy_getinfo(handle, info, value); }

int64_t fb_peer_user(int fd) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? (int64_t)peer.uid : -1;
}
