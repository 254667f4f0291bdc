/*
 * Landlock (Documentation/userspace-api/landlock.rst): needs no capability. Its own numbers are written out here, for
 * the headers of the system that compiles this may be older than the kernel that runs it.
 */
#define _GNU_SOURCE
#include "domain.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define EXECUTE (1ULL << 0)
#define WRITE_FILE (1ULL << 1)
#define READ_FILE (1ULL << 2)
#define READ_DIR (1ULL << 3)
#define REFER (1ULL << 13)
#define TRUNCATE (1ULL << 14)
/* everything that makes, removes and moves: bits 4 to 12 */
#define CHANGE (((1ULL << 13) - 1) & ~((1ULL << 4) - 1))

#define SCOPE_ABSTRACT_SOCKETS (1ULL << 0)
#define SCOPE_SIGNALS (1ULL << 1)

struct ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scoped;
};

struct path_rule {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

static void allow(int ruleset, uint64_t rights, uint64_t handled, const char *path) {
  struct path_rule rule = {.allowed = rights & handled, .parent = open(path, O_PATH | O_CLOEXEC | O_NOFOLLOW)};
  struct stat found;
  /* What is not there needs no rule; a link at the top leads to what has its own. */
  if (rule.parent < 0) return;
  if (fstat(rule.parent, &found) == 0 && S_ISDIR(found.st_mode)) syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0);
  close(rule.parent);
}

/* Every directory at the top may be read but those that hold what is others': an image may have more than we know. */
static void allow_system(int ruleset, uint64_t handled, const char *own) {
  const char *first = own + 1;
  size_t length = strcspn(first, "/");
  DIR *top = opendir("/");
  struct dirent *entry;
  if (!top) return;
  while ((entry = readdir(top))) {
    char path[300];
    if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "run") || !strcmp(entry->d_name, "tmp")) continue;
    if (strlen(entry->d_name) == length && !strncmp(entry->d_name, first, length)) continue;
    snprintf(path, sizeof path, "/%s", entry->d_name);
    allow(ruleset, EXECUTE | READ_FILE | READ_DIR, handled, path);
  }
  closedir(top);
}

struct domain enter_domain(const char *own, const char *temporary) {
  struct domain made = {0};
  long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  uint64_t all = EXECUTE | WRITE_FILE | READ_FILE | READ_DIR | CHANGE;
  struct ruleset wish = {0};
  int ruleset;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  made.abi = abi < 0 ? 0 : (int)abi;
  /* The first version forbids every move from one directory to another: nobody could work. */
  if (abi >= 2) {
    wish.files = all | REFER | (abi >= 3 ? TRUNCATE : 0);
    wish.scoped = abi >= 6 ? SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS : 0;
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &wish, abi >= 6 ? sizeof wish : sizeof wish.files, 0);
    if (ruleset >= 0) {
      const char *places[] = {own, temporary, "/tmp", "/dev/shm"};
      allow_system(ruleset, wish.files, own);
      allow(ruleset, WRITE_FILE | TRUNCATE | READ_FILE | READ_DIR, wish.files, "/dev");
      for (size_t i = 0; i < sizeof places / sizeof *places; i++) allow(ruleset, ~0ULL, wish.files, places[i]);
      if (syscall(SYS_landlock_restrict_self, ruleset, 0) == 0) {
        made.files = abi >= 3;
        made.signals = abi >= 6;
      }
      close(ruleset);
    }
  }
  made.filter = set_filter();
  return made;
}
