// The few Linux and libcurl calls that Swift cannot import: variadic functions, ioctl request macros,
// and calls that glibc hides behind _GNU_SOURCE. One line each, no policy.
#pragma once
#include <curl/curl.h>
#include <stdint.h>
#include <sys/types.h>

#include "Interruption.h"
#include "SerialPort.h"

// ---- files and threads
/// eventfd(2), close-on-exec and non-blocking. -1 and errno on failure.
int fb_eventfd(void);
/// accept4(2) with SOCK_CLOEXEC.
int fb_accept_cloexec(int fd);
/// pthread_setname_np(3) for the calling thread; `name` is cut at 15 bytes.
void fb_set_thread_name(const char *name);
/// prctl(PR_SET_DUMPABLE, 0) and RLIMIT_CORE 0: no core file can hold what is in memory.
int fb_forbid_core_dumps(void);
/// prctl(PR_SET_PDEATHSIG, SIGKILL): the kernel ends this process with the thread that made it. -1 and ESRCH when `parent`
/// is not the parent (any more).
int fb_end_with_parent(pid_t parent);

/// The user id of the process at the other end of a unix socket (SO_PEERCRED); -1 and errno on failure.
int64_t fb_peer_user(int fd);

// ---- terminals
/// ioctl(fd, TIOCEXCL): later opens fail with EBUSY (not for root).
int fb_tty_exclusive(int fd);
/// ioctl(fd, TIOCGICOUNT): line error counts {frame, overrun, parity, brk, buf_overrun}. -1/ENOTTY on a pty.
int fb_tty_error_counts(int fd, int32_t counts[5]);

// ---- Bluetooth adapters. `fd` is any HCI socket. -1 and errno on failure.
/// ioctl(fd, HCIDEVUP) and ioctl(fd, HCIDEVDOWN): need CAP_NET_ADMIN; block while the kernel talks to the controller.
int fb_hci_device_up(int fd, uint16_t index);
int fb_hci_device_down(int fd, uint16_t index);
/// ioctl(fd, HCIGETDEVLIST): writes at most `capacity` indexes; how many on success.
int fb_hci_device_list(int fd, uint16_t *indexes, uint16_t capacity);
/// ioctl(fd, HCIGETDEVINFO): `info` is a struct hci_dev_info whose dev_id is set.
int fb_hci_device_info(int fd, void *info);
/// ioctl(fd, USBDEVFS_RESET): `fd` is an open /dev/bus/usb/BBB/DDD.
int fb_usb_reset(int fd);

// ---- sockets and rights
/// setsockopt(SO_ATTACH_FILTER): `instructions` are `count` struct sock_filter, 8 bytes each in native order.
int fb_attach_socket_filter(int fd, const void *instructions, uint16_t count);
/// 1 when the calling thread has the capability in its effective set (capget(2)), else 0.
int fb_has_capability(int capability);

// ---- time
/// CLOCK_BOOTTIME in nanoseconds: monotonic, and goes on during suspend.
int64_t fb_boottime_nanoseconds(void);
/// 1 when the kernel says that the wall clock is synchronised (adjtimex: no STA_UNSYNC), else 0.
int fb_clock_synchronised(void);

// ---- services
/// sd_notify(3) without libsystemd: sends `state` to $NOTIFY_SOCKET. 0 when there is none, 1 when sent, -1 and errno on failure.
int fb_sd_notify(const char *state);

// ---- libcurl's variadic functions, one setter per argument type
CURLMcode fb_curl_multi_set_long(CURLM *handle, CURLMoption option, long value);
CURLcode fb_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode fb_curl_set_off(CURL *handle, CURLoption option, curl_off_t value);
CURLcode fb_curl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode fb_curl_set_pointer(CURL *handle, CURLoption option, void *value);
typedef size_t (*fb_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
CURLcode fb_curl_set_data_callback(CURL *handle, CURLoption option, fb_curl_data_callback callback);
CURLcode fb_curl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode fb_curl_get_off(CURL *handle, CURLINFO info, curl_off_t *value);
