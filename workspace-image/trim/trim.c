/*
 * A function for the supervisor: gives back the pages of Node's own program that its start needed and nothing since.
 * They are clean copies of a file that all workspaces of a host share; what is used again is mapped again, without a
 * read while any of them has it. A mapping in which anything was changed is left alone.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of Node-API, version 1: https://nodejs.org/api/n-api.html. Node's own header may not be where this is built. */
typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
extern int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);

struct mapping {
  unsigned long from, to;
  int ours;
};

/* The head of an entry of smaps; 0, and nothing changed, for any other line. */
static int read_head(const char *line, const char *program, struct mapping *mapping) {
  unsigned long from, to;
  char mode[5];
  int name = 0;
  if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &from, &to, mode, &name) != 3) return 0;
  int ours = name > 0 && mode[1] == '-' && strncmp(line + name, program, strlen(program)) == 0;
  *mapping = (struct mapping){from, to, ours};
  return 1;
}

static napi_value trim(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  char program[4096] = "", line[8192];
  struct mapping mapping = {0};
  unsigned long changed;
  FILE *entries = fopen("/proc/self/smaps", "re");
  if (!entries || readlink("/proc/self/exe", program, sizeof program - 1) <= 0) return NULL;
  while (fgets(line, sizeof line, entries)) {
    if (read_head(line, program, &mapping)) continue;
    if (!mapping.ours || sscanf(line, "Anonymous: %lu", &changed) != 1) continue;
    if (changed == 0) madvise((void *)mapping.from, mapping.to - mapping.from, MADV_DONTNEED);
  }
  fclose(entries);
  malloc_trim(0);
  return NULL;
}

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  return napi_create_function(env, "trim", 4, trim, NULL, &function) == 0 ? function : exports;
}
