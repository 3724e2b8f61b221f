#pragma once
#include <stdint.h>

// ---- serial lines at any speed (termios2; its header and <termios.h> exclude each other, so it has a file of its own)
/// ioctl(fd, TCSETS2) with BOTHER: any number of bits per second, both ways; nothing else changes. -1 and errno on failure.
int fb_tty_set_speed(int fd, uint32_t bits_per_second);
/// The speed in force, as the driver rounded it; 0 and errno on failure.
uint32_t fb_tty_speed(int fd);
/// The control flags (c_cflag) in force: a driver clears what its hardware does not have. 0 on failure.
uint32_t fb_tty_control_flags(int fd);
/// CMSPAR: with PARENB, mark (PARODD) or space parity.
uint32_t fb_tty_mark_space(void);
