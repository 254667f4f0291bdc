/*
 * The keeper of one agent: shuts itself into the agent's domain and then starts that agent's processes for the
 * supervisor, so that all of them share one domain and none of them leaves it. What they leave behind becomes its child.
 *
 *   keeper DIRECTORY TEMPORARY          serves on standard input and output until the input ends
 *   keeper --probe DIRECTORY OTHERS     tries what must be refused, and says in JSON what was
 *
 * In: a length of four bytes (the machine's order), then words that each end with a zero byte:
 *   start ID CWD INPUT(0|1) COUNT WORD... NAME=VALUE...      opened ID
 * Out, a line each:
 *   ready ABI FILES SIGNALS FILTER     started ID PID IN OUT ERR     failed ID ERRNO
 *   ended ID CODE SIGNAL ALONE         (ALONE 1: no process of the agent is left)
 * IN, OUT and ERR are this process's ends of pipes (IN is -1 without an input): the supervisor opens them through
 * /proc/PID/fd, says `opened`, and they are closed here.
 */
#define _GNU_SOURCE
#include "domain.h"
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 1024, LONGEST = 64 << 20, WORDS = 1 << 16 };

/* A process whose end is not told, or whose pipes are not opened yet (pid 0: it ended); id 0 is a free place. */
static struct running {
  unsigned long id;
  pid_t pid;
  int ends[3];
} table[AT_ONCE];

extern char **environ;

static struct running *find(unsigned long id) {
  for (int i = 0; i < AT_ONCE; i++)
    if (table[i].id == id) return &table[i];
  return NULL;
}

static struct running *find_pid(pid_t pid) {
  for (int i = 0; i < AT_ONCE; i++)
    if (table[i].id != 0 && table[i].pid == pid) return &table[i];
  return NULL;
}

static void close_end(int *end) {
  if (*end >= 0) close(*end);
  *end = -1;
}

static void close_ends(int ends[3]) {
  for (int i = 0; i < 3; i++) close_end(&ends[i]);
}

/* In the child, which shares the parent's memory until it becomes another program. */
static void become(const char *directory, char **argv, int theirs[3], volatile int *failure) {
  sigset_t none;
  setsid();
  signal(SIGPIPE, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (chdir(directory) == 0 && dup2(theirs[0], 0) >= 0 && dup2(theirs[1], 1) >= 0 && dup2(theirs[2], 2) >= 0)
    execvp(argv[0], argv);
  *failure = errno;
  _exit(127);
}

/* Pipes to and from a process: its own ends, and ours. 0, or the error. */
static int make_pipes(int input, int theirs[3], int ours[3]) {
  for (int i = 0; i < 3; i++) {
    int ends[2];
    if (i == 0 && !input) {
      theirs[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (theirs[0] < 0) return errno;
      continue;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    theirs[i] = ends[i == 0 ? 0 : 1];
    ours[i] = ends[i == 0 ? 1 : 0];
  }
  return 0;
}

/* The pid of the new process; 0 with the error in *failure. */
static pid_t launch(const char *directory, char **argv, char **environment, int theirs[3], int *failure) {
  volatile int error = 0;
  char **own = environ;
  environ = environment;
  pid_t pid = vfork();
  if (pid == 0) become(directory, argv, theirs, &error);
  environ = own;
  if (pid < 0) error = errno;
  if (pid > 0 && error != 0) waitpid(pid, NULL, 0);
  *failure = error;
  return error == 0 ? pid : 0;
}

static void start(unsigned long id, const char *directory, int input, char **argv, char **environment) {
  struct running *place = find(0);
  int theirs[3] = {-1, -1, -1}, ours[3] = {-1, -1, -1};
  int failure = place ? make_pipes(input, theirs, ours) : EAGAIN;
  pid_t pid = failure == 0 ? launch(directory, argv, environment, theirs, &failure) : 0;
  close_ends(theirs);
  if (failure != 0) {
    close_ends(ours);
    printf("failed %lu %d\n", id, failure);
    return;
  }
  place->id = id;
  place->pid = pid;
  memcpy(place->ends, ours, sizeof ours);
  printf("started %lu %d %d %d %d\n", id, pid, ours[0], ours[1], ours[2]);
}

/* The words of a message, in place. 0 when it makes no sense. */
static size_t split(char *message, size_t length, char **words) {
  size_t count = 0;
  if (length == 0 || message[length - 1] != 0) return 0;
  for (size_t at = 0; at < length; at += strlen(message + at) + 1) {
    if (count == WORDS) return 0;
    words[count++] = message + at;
  }
  return count;
}

static void obey(char *message, size_t length) {
  static char *words[WORDS + 1], *argv[WORDS + 1];
  size_t count = split(message, length, words);
  unsigned long id = count > 1 ? strtoul(words[1], NULL, 10) : 0;
  if (id == 0) return;
  if (count == 2 && strcmp(words[0], "opened") == 0) {
    struct running *found = find(id);
    if (!found) return;
    close_ends(found->ends);
    if (found->pid == 0) found->id = 0;
    return;
  }
  size_t given = count > 4 ? strtoul(words[4], NULL, 10) : 0;
  if (given == 0 || given > count - 5) {
    printf("failed %lu %d\n", id, count >= WORDS || count == 0 ? E2BIG : EINVAL);
    return;
  }
  memcpy(argv, words + 5, given * sizeof *argv);
  argv[given] = NULL;
  words[count] = NULL;
  start(id, words[2], words[3][0] == '1', argv, words + 5 + given);
}

/* All that ended; of those that were started for the supervisor it is told, once it is known whether any is left. */
static void tell_ended(void) {
  static struct {
    unsigned long id;
    int status;
  } over[AT_ONCE];
  int count = 0, status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    struct running *found = find_pid(pid);
    if (!found) continue;
    over[count].id = found->id;
    over[count++].status = status;
    found->pid = 0;
    if (found->ends[1] < 0) found->id = 0;
  }
  for (int i = 0; i < count; i++) {
    int code = WIFEXITED(over[i].status) ? WEXITSTATUS(over[i].status) : -1;
    int by = WIFSIGNALED(over[i].status) ? WTERMSIG(over[i].status) : 0;
    printf("ended %lu %d %d %d\n", over[i].id, code, by, pid < 0);
  }
}

/* Reads what has come and does what is complete of it. 0 when the supervisor went away, or makes no sense. */
static int listen_once(void) {
  static char *buffer;
  static size_t held, room;
  uint32_t length;
  if (held == room) {
    room = room ? 2 * room : 64 * 1024;
    buffer = room > LONGEST ? NULL : realloc(buffer, room);
    if (!buffer) return 0;
  }
  ssize_t got = read(0, buffer + held, room - held);
  if (got <= 0) return got < 0 && (errno == EINTR || errno == EAGAIN);
  held += (size_t)got;
  size_t at = 0;
  while (held - at >= sizeof length) {
    memcpy(&length, buffer + at, sizeof length);
    if (held - at - sizeof length < length) break;
    obey(buffer + at + sizeof length, length);
    at += sizeof length + length;
  }
  memmove(buffer, buffer + at, held - at);
  held -= at;
  return 1;
}

static void serve(void) {
  struct signalfd_siginfo news;
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  struct pollfd watched[] = {{.fd = 0, .events = POLLIN}, {.fd = -1, .events = POLLIN}};
  watched[1].fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  for (;;) {
    fflush(stdout);
    if (poll(watched, 2, -1) < 0) continue;
    if (watched[0].revents && !listen_once()) return;
    if (watched[1].revents) {
      while (read(watched[1].fd, &news, sizeof news) > 0) continue;
      tell_ended();
    }
  }
}

/* The kernel's first choice when memory runs out, before the supervisor; all that come from here inherit it. */
static void prefer_when_memory_runs_out(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  if (write(file, "800", 3) < 0) perror("oom_score_adj");
  close(file);
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "--probe") == 0) return probe(argv[2], argv[3]);
  if (argc != 3) return 2;
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  prefer_when_memory_runs_out();
  struct domain made = enter_domain(argv[1], argv[2]);
  printf("ready %d %d %d %d\n", made.abi, made.files, made.signals, made.filter);
  serve();
  return 0;
}
