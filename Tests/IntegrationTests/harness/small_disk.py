"""A disk of its own for a state directory, which can be filled and made read-only."""

import os
import subprocess

import pytest

WITHOUT_MOUNTS = "TEST_WITHOUT_MOUNTS"


class SmallDisk:
    """A tmpfs, unmounted by `unmount`."""

    def __init__(self, path, size="1m"):
        self.path = path
        path.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tallygate-test", str(path)],
            capture_output=True, text=True, check=False,
        )
        # Root is refused only where somebody took its rights, and must say that this is meant.
        if done.returncode != 0 and (os.geteuid() != 0 or os.environ.get(WITHOUT_MOUNTS)):
            pytest.skip("only root can mount a disk that fills")
        assert done.returncode == 0, f"no tmpfs can be mounted ({done.stderr.strip()}); {WITHOUT_MOUNTS}=1 does without"

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
