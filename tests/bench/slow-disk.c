/* An old disk: every fsync and fdatasync takes at least so many microseconds more. Loaded by LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_as_a_disk_does(void) {
  const char *text = getenv("MEDLANE_SLOW_FSYNC_US");
  usleep(text ? (useconds_t)atoi(text) : 8000);
}

int fsync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_as_a_disk_does();
  return real(fd);
}

int fdatasync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_as_a_disk_does();
  return real(fd);
}
