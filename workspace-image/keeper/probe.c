#define _GNU_SOURCE
#include "probe.h"
#include "domain.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static int opens(const char *path, int flags) {
  int file = open(path, flags | O_CLOEXEC, 0600);
  if (file >= 0) close(file);
  return file >= 0;
}

static int opens_in(const char *directory, const char *name, int flags) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return opens(path, flags);
}

/* `others` holds a file `secret` that could be read before. Whoever started this is outside of the domain. */
int probe(const char *own, const char *others) {
  char environment[64];
  snprintf(environment, sizeof environment, "/proc/%d/environ", getppid());
  int before = opens_in(others, "secret", O_RDONLY) && opens(environment, O_RDONLY) && kill(getppid(), 0) == 0;
  struct domain made = enter_domain(own, own);
  int works = before && opens_in(own, "file", O_RDWR | O_CREAT) && opens("/dev/null", O_WRONLY) && kill(getpid(), 0) == 0;
  int files = !opens_in(others, "secret", O_RDONLY) && !opens_in(others, "new", O_WRONLY | O_CREAT) &&
              !opens(others, O_RDONLY | O_DIRECTORY) && truncate(others, 0) != 0;
  int processes = !opens(environment, O_RDONLY);
  int signals = kill(getppid(), 0) != 0 && errno == EPERM;
  int filter = made.filter && unshare(CLONE_NEWUSER) != 0 && setpriority(PRIO_PROCESS, (id_t)getppid(), 19) != 0;
  printf("{\"version\":%d,\"works\":%s,\"files\":%s,\"processes\":%s,\"signals\":%s,\"filter\":%s}\n", made.abi,
         works ? "true" : "false", files && made.files ? "true" : "false", processes ? "true" : "false",
         signals ? "true" : "false", filter ? "true" : "false");
  return 0;
}
