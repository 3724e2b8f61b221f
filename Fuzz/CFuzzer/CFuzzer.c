#include "CFuzzer.h"

// libFuzzer's own main, which comes with its archive, refers to this. Our programs have their own main and never call it.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return -1;
}
