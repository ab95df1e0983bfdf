"""A disk of its own for a state directory, which can be filled and made read-only."""

import os
import subprocess

import pytest

WITHOUT_MOUNTS = "TEST_WITHOUT_MOUNTS"


class SmallDisk:
    """A tmpfs, unmounted by `unmount`."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        self._mount("-t", "tmpfs", "-o", "size=1m,mode=700", "tallygate-test", str(path))

    @staticmethod
    def _mount(*arguments):
        done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0 and os.environ.get(WITHOUT_MOUNTS):
            pytest.skip(f"{WITHOUT_MOUNTS} is set: no disks that fill or hang")
        reason = f"no disk can be mounted ({done.stderr.strip()}): run as root, or set {WITHOUT_MOUNTS}=1 to do without"
        assert done.returncode == 0, reason

    @property
    def filler(self):
        return self.path / "filler"

    def fill(self):
        """Takes every byte that is left."""
        with open(self.filler, "wb", buffering=0) as filler:
            block = b"\0" * 4096
            try:
                while True:
                    filler.write(block)
            except OSError:
                return

    def free(self):
        self.filler.unlink()

    def remount(self, mode):
        """`ro` or `rw`; the system refuses `ro` as long as a file is open for writing."""
        done = subprocess.run(["mount", "-o", f"remount,{mode}", str(self.path)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    def unmount(self):
        # Lazily: whoever still has a file open keeps it.
        if os.path.ismount(self.path):
            subprocess.run(["umount", "-l", str(self.path)], check=True)


class HangingDisk(SmallDisk):
    """An ext4 in a file: `freeze` makes every write to it wait until `thaw`, as a disk that is gone for a while does."""

    def __init__(self, path):
        self.path = path
        self._frozen = False
        path.mkdir()
        image = path.with_suffix(".image")
        with open(image, "wb") as file:
            file.truncate(16 << 20)
        subprocess.run(["/usr/sbin/mkfs.ext4", "-q", str(image)], check=True)
        self._mount("-o", "loop", str(image), str(path))

    def freeze(self):
        subprocess.run(["/usr/sbin/fsfreeze", "--freeze", str(self.path)], check=True)
        self._frozen = True

    def thaw(self):
        if self._frozen:
            subprocess.run(["/usr/sbin/fsfreeze", "--unfreeze", str(self.path)], check=True)
        self._frozen = False

    def unmount(self):
        self.thaw()
        super().unmount()
