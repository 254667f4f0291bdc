/*
 * What Landlock leaves open between processes of one user (limits, priority, processors), and what nobody in a
 * workspace needs of the kernel: the list follows what container engines refuse by default.
 */
#define _GNU_SOURCE
#include "domain.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
/* the bit of a second numbering that the same calls have */
#define OTHER_NUMBERING 0x40000000
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define OTHER_NUMBERING 0xffffffff
#else
#error "The numbers of this processor's system calls are not known here."
#endif

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* refused to everybody */
static const uint16_t NEVER[] = {
    SYS_acct, SYS_add_key, SYS_bpf, SYS_chroot, SYS_clock_adjtime, SYS_clock_settime, SYS_delete_module,
    SYS_finit_module, SYS_fsconfig, SYS_fsmount, SYS_fsopen, SYS_fspick, SYS_init_module, SYS_io_uring_enter,
    SYS_io_uring_register, SYS_io_uring_setup, SYS_kexec_file_load, SYS_kexec_load, SYS_keyctl, SYS_mount,
    SYS_mount_setattr, SYS_move_mount, SYS_open_by_handle_at, SYS_open_tree, SYS_perf_event_open, SYS_pivot_root,
    SYS_quotactl, SYS_reboot, SYS_request_key, SYS_setdomainname, SYS_sethostname, SYS_setns, SYS_settimeofday,
    SYS_swapoff, SYS_swapon, SYS_umount2, SYS_unshare, SYS_userfaultfd, SYS_vhangup,
};

/* allowed for oneself alone: the argument that names a process must be 0, and the first must not be what means a user */
static const struct {
  uint16_t call;
  uint8_t who;
  uint32_t everybody;
} SELF_ONLY[] = {
    {SYS_ioprio_set, 1, 3},
    {SYS_sched_setaffinity, 0, UINT32_MAX},
    {SYS_sched_setattr, 0, UINT32_MAX},
    {SYS_sched_setparam, 0, UINT32_MAX},
    {SYS_sched_setscheduler, 0, UINT32_MAX},
    {SYS_setpriority, 1, 2},
};

#define ARGUMENT(n) ((uint32_t)offsetof(struct seccomp_data, args[n]))
#define LOAD(offset) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define IF_EQUAL(value, yes, no) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define IF_ANY_BIT(bits, yes, no) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), (yes), (no))
#define ANSWER(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE ANSWER(SECCOMP_RET_ERRNO | EPERM)
#define UNKNOWN ANSWER(SECCOMP_RET_ERRNO | ENOSYS)
#define ALLOW ANSWER(SECCOMP_RET_ALLOW)

int set_filter(void) {
  struct sock_filter code[256];
  unsigned short n = 0;
  code[n++] = LOAD(offsetof(struct seccomp_data, arch));
  code[n++] = IF_EQUAL(ARCHITECTURE, 1, 0);
  code[n++] = UNKNOWN;
  code[n++] = LOAD(offsetof(struct seccomp_data, nr));
#if OTHER_NUMBERING != 0xffffffff
  code[n++] = IF_ANY_BIT(OTHER_NUMBERING, 0, 1);
  code[n++] = UNKNOWN;
#endif
  for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++) {
    code[n++] = IF_EQUAL(NEVER[i], 0, 1);
    code[n++] = REFUSE;
  }
  /* Its flags lie in memory, where no filter can look. The C library then takes the older call. */
  code[n++] = IF_EQUAL(SYS_clone3, 0, 1);
  code[n++] = UNKNOWN;
  code[n++] = IF_EQUAL(SYS_clone, 0, 4);
  code[n++] = LOAD(ARGUMENT(0));
  code[n++] = IF_ANY_BIT(NAMESPACES, 0, 1);
  code[n++] = REFUSE;
  code[n++] = ALLOW;
  /* Reading another's limits is harmless, setting them can end it. */
  code[n++] = IF_EQUAL(SYS_prlimit64, 0, 9);
  code[n++] = LOAD(ARGUMENT(0));
  code[n++] = IF_EQUAL(0, 5, 0);
  code[n++] = LOAD(ARGUMENT(2));
  code[n++] = IF_EQUAL(0, 0, 2);
  code[n++] = LOAD(ARGUMENT(2) + 4);
  code[n++] = IF_EQUAL(0, 1, 0);
  code[n++] = REFUSE;
  code[n++] = ALLOW;
  code[n++] = ALLOW;
  for (size_t i = 0; i < sizeof SELF_ONLY / sizeof *SELF_ONLY; i++) {
    code[n++] = IF_EQUAL(SELF_ONLY[i].call, 0, 6);
    code[n++] = LOAD(ARGUMENT(SELF_ONLY[i].who));
    code[n++] = IF_EQUAL(0, 0, 2);
    code[n++] = LOAD(ARGUMENT(0));
    code[n++] = IF_EQUAL(SELF_ONLY[i].everybody, 0, 1);
    code[n++] = REFUSE;
    code[n++] = ALLOW;
  }
  code[n++] = ALLOW;
  struct sock_fprog program = {.len = n, .filter = code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
