//! Seccomp profiles: one that only logs, one for most programs, one for small network services. JSON has no comments, so
//! the reasons stand in `comment`, which containerd and CRI-O pass over.

use plimsoll_guide::{SCMP_01, SCMP_03};

use crate::scalar::quoted;
use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static SECCOMP: Generator = Generator {
    id: "seccomp",
    also: &["seccomp-profile"],
    title: "Seccomp profile: which system calls a container may make",
    takes: &[Parameter::Option],
    serves: &[&SCMP_01, &SCMP_03],
    comments: false,
    write: |request: &Request| -> Result<String, RequestError> { Ok(profile(request.tier())) },
};

/// Calls that every container needs to start and end, and small network services need to work.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "accept", "accept4", "access", "arch_prctl", "bind", "brk", "capget", "capset", "chdir", "clock_getres",
    "clock_gettime", "clock_nanosleep", "close", "close_range", "connect", "dup", "dup2", "dup3", "epoll_create",
    "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd2", "execve", "exit",
    "exit_group", "faccessat", "faccessat2", "fadvise64", "fcntl", "fstat", "fstatfs", "futex", "futex_waitv",
    "getcwd", "getdents64", "getegid", "geteuid", "getgid", "getgroups", "getpeername", "getpid", "getppid",
    "getrandom", "getrlimit", "getrusage", "getsockname", "getsockopt", "gettid", "gettimeofday", "getuid", "ioctl",
    "kill", "listen", "lseek", "madvise", "membarrier", "mincore", "mmap", "mprotect", "mremap", "munmap",
    "nanosleep", "newfstatat", "open", "openat", "openat2", "pipe", "pipe2", "poll", "ppoll", "prctl", "pread64",
    "prlimit64", "pselect6", "pwrite64", "read", "readlink", "readlinkat", "readv", "recvfrom", "recvmsg",
    "restart_syscall", "rseq", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
    "sched_getaffinity", "sched_yield", "select", "sendfile", "sendmsg", "sendto", "set_robust_list",
    "set_tid_address", "setgid", "setgroups", "setresgid", "setresuid", "setsockopt", "setuid", "shutdown",
    "sigaltstack", "socketpair", "stat", "statfs", "statx", "sysinfo", "tgkill", "time", "timer_create",
    "timer_delete", "timer_settime", "timerfd_create", "timerfd_settime", "uname", "wait4", "waitid", "write",
    "writev",
];

/// What most other programs need: files of all sorts, processes, signals, shared memory, asynchronous input and output.
#[rustfmt::skip]
const MORE: &[&str] = &[
    "alarm", "chmod", "chown", "copy_file_range", "creat", "eventfd", "execveat", "fallocate", "fchdir", "fchmod",
    "fchmodat", "fchmodat2", "fchown", "fchownat", "fdatasync", "fgetxattr", "flistxattr", "flock", "fork",
    "fremovexattr", "fsetxattr", "fsync", "ftruncate", "futimesat", "get_robust_list", "get_thread_area", "getcpu",
    "getdents", "getitimer", "getpgid", "getpgrp", "getpriority", "getresgid", "getresuid", "getsid", "getxattr",
    "inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch", "io_cancel", "io_destroy",
    "io_getevents", "io_pgetevents", "io_setup", "io_submit", "ioprio_get", "ioprio_set", "landlock_add_rule",
    "landlock_create_ruleset", "landlock_restrict_self", "lchown", "lgetxattr", "link", "linkat", "listxattr",
    "llistxattr", "lremovexattr", "lsetxattr", "lstat", "memfd_create", "mkdir", "mkdirat", "mlock", "mlock2",
    "mlockall", "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive", "mq_timedsend", "mq_unlink", "msgctl",
    "msgget", "msgrcv", "msgsnd", "msync", "munlock", "munlockall", "pause", "pidfd_open", "pidfd_send_signal",
    "pkey_alloc", "pkey_free", "pkey_mprotect", "preadv", "preadv2", "pwritev", "pwritev2", "readahead", "recvmmsg",
    "removexattr", "rename", "renameat", "renameat2", "rmdir", "rt_sigpending", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "sched_get_priority_max", "sched_get_priority_min", "sched_getattr", "sched_getparam",
    "sched_getscheduler", "sched_rr_get_interval", "sched_setaffinity", "sched_setattr", "sched_setparam",
    "sched_setscheduler", "seccomp", "semctl", "semget", "semop", "semtimedop", "sendmmsg", "setfsgid", "setfsuid",
    "setitimer", "setpgid", "setpriority", "setregid", "setreuid", "setrlimit", "setsid", "setxattr", "shmat",
    "shmctl", "shmdt", "shmget", "signalfd", "signalfd4", "splice", "symlink", "symlinkat", "sync",
    "sync_file_range", "syncfs", "tee", "timer_getoverrun", "timer_gettime", "timerfd_gettime", "times", "tkill",
    "truncate", "umask", "unlink", "unlinkat", "utime", "utimensat", "utimes", "vfork", "vmsplice",
];

/// Flags of clone that make namespaces: CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET.
const NEW_NAMESPACES: u32 = 0x7e02_0000;
/// AF_VSOCK, the way from a virtual machine to its host.
const VSOCK: u32 = 40;

fn profile(tier: Tier) -> String {
    match tier {
        Tier::Minimal => logging(),
        Tier::Recommended => {
            let mut names = [SMALL, MORE].concat();
            names.sort_unstable();
            allowing(
                &names,
                "What most programs need. Left out, and so refused: mount, ptrace, bpf, kexec, module loading, keyrings, userfaultfd, io_uring, new namespaces, setting clocks, and whatever the kernel adds later. Compare with the log of the minimal option before you enforce it.",
            )
        }
        Tier::Strict => allowing(
            SMALL,
            "What a small network service needs that starts no programs and changes no files. Cut it down further to what the minimal option logged.",
        ),
    }
}

const WHERE: &str = "Put it on every node as /var/lib/kubelet/seccomp/profiles/NAME.json and set seccompProfile: {type: Localhost, localhostProfile: profiles/NAME.json}; a node without the file starts no container.";

/// Nothing is refused; every call is logged, to learn what a program does.
fn logging() -> String {
    let comment = format!(
        "Every call is logged by the kernel and none is refused (the log is in journald or auditd, type=1326): run the program through all it does, then allow what was seen. Not a protection. {WHERE}"
    );
    format!(
        "{{\n  \"defaultAction\": \"SCMP_ACT_LOG\",\n  \"architectures\": {ARCHITECTURES},\n  \"syscalls\": [\n    {}\n  ]\n}}\n",
        rule(&["execve", "execveat"], "SCMP_ACT_LOG", &comment, "")
    )
}

const ARCHITECTURES: &str = "[\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_AARCH64\"]";

/// What is named is allowed, everything else fails.
fn allowing(names: &[&str], comment: &str) -> String {
    let masked = format!(
        ",\n      \"args\": [{{\"index\": 0, \"value\": {NEW_NAMESPACES}, \"valueTwo\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\"}}]"
    );
    let socket = format!(
        ",\n      \"args\": [{{\"index\": 0, \"value\": {VSOCK}, \"op\": \"SCMP_CMP_NE\"}}]"
    );
    let rules = [
        rule(names, "SCMP_ACT_ALLOW", &format!("{comment} {WHERE}"), ""),
        rule(
            &["clone"],
            "SCMP_ACT_ALLOW",
            "Threads and processes, but no new namespaces: most ways out of a container begin with a user namespace.",
            &masked,
        ),
        rule(
            &["clone3"],
            "SCMP_ACT_ERRNO",
            "Its flags lie in memory, where no filter sees them. Error 38, not implemented, makes libraries take clone.",
            ",\n      \"errnoRet\": 38",
        ),
        rule(
            &["socket"],
            "SCMP_ACT_ALLOW",
            "All sockets but those to the host of a virtual machine.",
            &socket,
        ),
    ];
    format!(
        "{{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"defaultErrnoRet\": 1,\n  \"architectures\": {ARCHITECTURES},\n  \"syscalls\": [\n    {}\n  ]\n}}\n",
        rules.join(",\n    ")
    )
}

fn rule(names: &[&str], action: &str, comment: &str, rest: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
    let lines: Vec<_> = names.chunks(6).map(|chunk| chunk.join(", ")).collect();
    format!(
        "{{\n      \"comment\": {},\n      \"names\": [\n        {}\n      ],\n      \"action\": \"{action}\"{rest}\n    }}",
        quoted(comment),
        lines.join(",\n        ")
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// Calls by which containers have been left, or that reach the whole node.
    #[rustfmt::skip]
    const DANGEROUS: [&str; 27] = [
        "acct", "add_key", "bpf", "clone3", "delete_module", "finit_module", "init_module", "io_uring_setup",
        "kexec_file_load", "kexec_load", "keyctl", "mount", "move_mount", "name_to_handle_at", "open_by_handle_at",
        "perf_event_open", "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace", "reboot", "setns",
        "settimeofday", "swapon", "umount2", "unshare", "userfaultfd",
    ];

    fn parsed(tier: Tier) -> Value {
        serde_json::from_str(&profile(tier)).unwrap()
    }

    fn allowed(profile: &Value) -> Vec<&str> {
        let rules = profile["syscalls"].as_array().unwrap();
        let allowing = rules
            .iter()
            .filter(|rule| rule["action"] == "SCMP_ACT_ALLOW");
        allowing
            .flat_map(|rule| rule["names"].as_array().unwrap())
            .map(|name| name.as_str().unwrap())
            .collect()
    }

    #[test]
    fn what_is_not_named_is_refused_or_logged() {
        assert_eq!(parsed(Tier::Minimal)["defaultAction"], "SCMP_ACT_LOG");
        assert!(allowed(&parsed(Tier::Minimal)).is_empty());
        for tier in [Tier::Recommended, Tier::Strict] {
            let profile = parsed(tier);
            assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
            let names = allowed(&profile);
            let unique: BTreeSet<_> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "a call stands twice");
            assert!(DANGEROUS.iter().all(|name| !names.contains(name)));
        }
    }

    /// Without these the runtime cannot even start the program once the filter is there.
    #[test]
    fn a_container_can_start_and_end() {
        let needed = [
            "capset",
            "close",
            "execve",
            "exit_group",
            "fcntl",
            "fstat",
            "futex",
            "mmap",
            "prctl",
            "setgid",
            "setgroups",
            "setuid",
            "write",
        ];
        for tier in [Tier::Recommended, Tier::Strict] {
            let profile = parsed(tier);
            let names = allowed(&profile);
            assert!(needed.iter().all(|name| names.contains(name)));
        }
        assert!(allowed(&parsed(Tier::Strict)).len() < allowed(&parsed(Tier::Recommended)).len());
    }

    #[test]
    fn clone_makes_no_namespaces() {
        let profile = parsed(Tier::Recommended);
        let rules = profile["syscalls"].as_array().unwrap();
        let of = |name: &str| rules.iter().find(|rule| rule["names"][0] == name).unwrap();
        assert_eq!(of("clone")["args"][0]["value"], 2_114_060_288_u32);
        assert_eq!(of("clone3")["errnoRet"], 38);
    }
}
