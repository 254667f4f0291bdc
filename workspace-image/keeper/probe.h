#pragma once

/* Enters a domain and tries what must be refused there; one line of JSON on standard output. */
int probe(const char *own, const char *others);
