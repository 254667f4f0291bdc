#pragma once

/* What this kernel made of the wish for a domain. */
struct domain {
  /* Landlock's version; 0: there is none, or the engine's filter refuses it */
  int abi;
  /* others' files and the insides of others' processes are out of reach */
  int files;
  /* so are signals to others, and others' abstract sockets */
  int signals;
  /* the filter of system calls stands */
  int filter;
};

/*
 * Shuts this process, and all that come from it, into a domain in which `own` and `temporary` are the only places of
 * the workspace. Nothing leads out again. What the kernel cannot do is left out and told.
 */
struct domain enter_domain(const char *own, const char *temporary);

/* A filter for this process and all that come from it; 0 when it does not stand. */
int set_filter(void);
