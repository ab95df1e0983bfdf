"""Runs a program as a container would: `confined.py ROOT USER [FROM=TO[:ro]…] -- PROGRAM…`.

In a mount namespace of its own (started by `unshare --mount`), with ROOT as a root that cannot be written to, what is
named mounted into it, as USER, without capabilities and without a way to get any.
"""

import ctypes
import os
import subprocess
import sys

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
LIBC = ctypes.CDLL(None, use_errno=True)


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def drop_everything(user):
    for capability in range(64):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    assert LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0


def main(root, user, *rest):
    split = rest.index("--")
    mount("--bind", root, root)
    mount("-o", "remount,bind,ro", root)
    for entry in rest[:split]:
        source, _, target = entry.partition("=")
        target, _, mode = target.partition(":")
        mount("--bind", source, root + target)
        if mode:
            mount("-o", f"remount,bind,{mode}", root + target)
    os.chroot(root)
    os.chdir("/")
    drop_everything(int(user))
    program = rest[split + 1 :]
    os.execve(program[0], program, {"SWIFT_BACKTRACE": "enable=no"})


if __name__ == "__main__":
    main(*sys.argv[1:])
