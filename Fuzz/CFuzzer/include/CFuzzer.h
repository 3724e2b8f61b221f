// libFuzzer as a library: the program has its own main and hands the loop over.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*decode)(const uint8_t *bytes, size_t count));
