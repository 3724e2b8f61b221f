#define _GNU_SOURCE
#include "Interruption.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

// Blocking the signals and fetching them would not do: the runtime parks the first thread with no signal blocked.
static volatile int descriptor = -1;

static void ring(int signal) {
    (void)signal;
    const int saved = errno;
    const uint64_t one = 1;
    ssize_t ignored = write(descriptor, &one, sizeof one);
    (void)ignored;
    errno = saved;
}

int fb_catch_interruptions(void) {
    if (descriptor >= 0) return descriptor;
    descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptor < 0) return -1;
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction old, action = {.sa_handler = ring, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        if (signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler == SIG_IGN) continue;
        if (sigaction(signals[i], &action, NULL) != 0) return -1;
    }
    return descriptor;
}
