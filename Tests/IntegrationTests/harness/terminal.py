"""A real terminal, in tmux, that a test types into and reads back."""

import os
import shlex
import subprocess
import tempfile

from .sidecar import environment
from .waiting import eventually


class Terminal:
    """One tmux server with one window that runs one command line in bash."""

    def __init__(self, columns=100, rows=24):
        self._directory = tempfile.TemporaryDirectory(prefix="tg")
        self._socket = os.path.join(self._directory.name, "tmux")
        shell = "env PS1='$ ' bash --norc --noprofile"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), shell)

    def _tmux(self, *arguments):
        return subprocess.run(
            ["tmux", "-S", self._socket, *arguments], check=True, capture_output=True, text=True, timeout=10,
            env=environment() | {"TERM": "xterm-256color", "LANG": "C.UTF-8"},
        ).stdout

    def run(self, *arguments):
        self._tmux("send-keys", "-l", shlex.join(map(str, arguments)))
        self.press("Enter")

    def press(self, *keys):
        self._tmux("send-keys", *keys)

    def resize(self, columns, rows):
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self):
        return self._tmux("capture-pane", "-p")

    def is_on_alternate_screen(self):
        return self._tmux("display-message", "-p", "#{alternate_on}").strip() == "1"

    def shows_cursor(self):
        return self._tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    def expect(self, *texts, seconds=10.0):
        """Waits until all of these are on the screen."""
        return eventually(self.screen, lambda screen: all(text in screen for text in texts), seconds, f"for {texts}")

    def close(self):
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False, timeout=10)
        self._directory.cleanup()
