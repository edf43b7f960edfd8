"""What a process of Windows lacks, for tests on other systems; Python runs it first as `sitecustomize`.

The modules of the package see `win32` as the platform, and an `os` and a `signal` without the functions of
POSIX. They and all libraries fail to import the modules of POSIX. Python itself and filelock keep them:
both are written for each system apart.
"""

import builtins
import os
import signal
import subprocess
import sys
import sysconfig
from types import ModuleType

MODULES = {
    *(
        "fcntl",
        "resource",
        "pwd",
        "grp",
        "spwd",
        "crypt",
        "nis",
        "termios",
        "tty",
        "pty",
        "syslog",
        "readline",
    ),
    *("curses", "posix"),
}
OS_LACKS = {
    *("fork", "forkpty", "nice", "uname", "sysconf", "statvfs", "sync", "chown", "chroot", "mkfifo", "mknod"),
    *(
        "getuid",
        "geteuid",
        "getgid",
        "getegid",
        "getgroups",
        "getpgid",
        "getpgrp",
        "setpgid",
        "setsid",
        "getsid",
    ),
    *(
        "killpg",
        "wait",
        "wait3",
        "wait4",
        "waitid",
        "pread",
        "pwrite",
        "sendfile",
        "pipe2",
        "openpty",
        "ttyname",
    ),
    *("sched_getaffinity", "sched_setaffinity", "sched_yield", "getloadavg", "getpriority", "setpriority"),
    *("fchdir", "fchown", "posix_spawn", "register_at_fork", "O_NONBLOCK", "O_NOFOLLOW", "O_DIRECTORY"),
    *("O_CLOEXEC", "O_SYNC", "WNOHANG"),
}
SIGNAL_LACKS = {
    *(
        "SIGALRM",
        "SIGKILL",
        "SIGHUP",
        "SIGQUIT",
        "SIGUSR1",
        "SIGUSR2",
        "SIGCHLD",
        "SIGPIPE",
        "SIGSTOP",
        "SIGCONT",
    ),
    *(
        "alarm",
        "setitimer",
        "getitimer",
        "pause",
        "sigwait",
        "pthread_sigmask",
        "pthread_kill",
        "siginterrupt",
    ),
}


class StandIn(ModuleType):
    """A module as Windows has it: some names are others, some are missing, all else is the module's own."""

    def __init__(self, module, changed=None, lacks=frozenset()):
        super().__init__(module.__name__)
        self.__dict__.update(_module=module, _changed=changed or {}, _lacks=lacks)

    def __getattr__(self, name):
        if name in self._lacks:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} on Windows")
        return self._changed[name] if name in self._changed else getattr(self._module, name)

    def __setattr__(self, name, value):
        setattr(self._module, name, value)


STAND_INS = {
    "sys": StandIn(sys, {"platform": "win32"}),
    "os": StandIn(os, lacks=OS_LACKS),
    "signal": StandIn(signal, lacks=SIGNAL_LACKS),
    "subprocess": StandIn(subprocess, {"CREATE_NEW_PROCESS_GROUP": 0}),
}
LIBRARIES = tuple(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
PYTHON = tuple(sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib"))
import_anything = builtins.__import__


def is_written_for_each_system(caller):
    file = caller.get("__file__") or ""
    is_of_python = file.startswith(PYTHON) and not file.startswith(LIBRARIES)
    return is_of_python or str(caller.get("__name__")).startswith("filelock.")


def import_as_on_windows(name, globals=None, locals=None, fromlist=(), level=0):
    if level == 0 and name.split(".")[0] in MODULES and not is_written_for_each_system(globals or {}):
        raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
    asker = str((globals or {}).get("__name__"))
    if level == 0 and name in STAND_INS and asker.split(".")[0] == "woc_sim":
        return STAND_INS[name]
    return import_anything(name, globals, locals, fromlist, level)


builtins.__import__ = import_as_on_windows
