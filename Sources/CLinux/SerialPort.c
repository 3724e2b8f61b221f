#include "SerialPort.h"

#include <asm/termbits.h>
#include <sys/ioctl.h>

int fb_tty_set_speed(int fd, uint32_t bits_per_second) {
    struct termios2 t;
    if (ioctl(fd, TCGETS2, &t) != 0) return -1;
    t.c_cflag &= ~(CBAUD | (CBAUD << IBSHIFT));
    t.c_cflag |= BOTHER | (BOTHER << IBSHIFT);
    t.c_ispeed = bits_per_second;
    t.c_ospeed = bits_per_second;
    return ioctl(fd, TCSETS2, &t);
}

uint32_t fb_tty_speed(int fd) {
    struct termios2 t;
    return ioctl(fd, TCGETS2, &t) == 0 ? t.c_ospeed : 0;
}

uint32_t fb_tty_control_flags(int fd) {
    struct termios2 t;
    return ioctl(fd, TCGETS2, &t) == 0 ? t.c_cflag : 0;
}

uint32_t fb_tty_mark_space(void) { return CMSPAR; }
