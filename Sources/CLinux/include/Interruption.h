#ifndef FOOTBRIDGE_INTERRUPTION_H
#define FOOTBRIDGE_INTERRUPTION_H

/// From now on SIGINT, SIGTERM and SIGHUP make the descriptor that is returned readable instead of ending the program, in
/// whatever thread they arrive; SIGHUP only when it was not ignored (nohup). A second call returns the same descriptor.
/// -1 and errno on failure.
int fb_catch_interruptions(void);

#endif
