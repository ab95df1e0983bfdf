"""A real headless Chromium, steered over its DevTools protocol: what a person's browser does with a page."""

import base64
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests
import websocket

from .prometheus import part

STARTS_WITHIN = 30.0
ANSWERS_WITHIN = 20.0


class Browser:
    """One browser with one tab."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="tgbrowser", ignore_cleanup_errors=True)
        flags = [
            "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self._folder.name}", "--disable-gpu",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", "--force-device-scale-factor=1", "--lang=en",
            # Nothing but this machine can be reached.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ]
        if os.geteuid() == 0:
            # Chromium's own sandbox does not work as root.
            flags.append("--no-sandbox")
        self._process = subprocess.Popen(
            [part("chromium"), *flags, "about:blank"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )
        try:
            self._open_tab(self._wait_for_port())
        except BaseException:
            self.close()
            raise

    def _wait_for_port(self):
        file = Path(self._folder.name) / "DevToolsActivePort"
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"chromium ended with {self._process.returncode} instead of starting"
            lines = file.read_text().splitlines() if file.exists() else []
            if len(lines) == 2:
                return int(lines[0])
            time.sleep(0.05)
        raise AssertionError(f"chromium is not ready after {STARTS_WITHIN} s")

    def _open_tab(self, port):
        tab = requests.put(f"http://127.0.0.1:{port}/json/new?about:blank", timeout=ANSWERS_WITHIN).json()
        self._socket = websocket.create_connection(
            tab["webSocketDebuggerUrl"], timeout=ANSWERS_WITHIN, suppress_origin=True)
        self._number = 0
        self.events = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Sends one command and waits for its answer; what happened meanwhile is kept in `events`."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]
            if "method" in message:
                self.events.append(message)

    def open(self, address, **headers):
        self.call("Network.setExtraHTTPHeaders", headers=headers)
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def evaluate(self, expression):
        """The value of a JavaScript expression; promises are waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression, seconds=10.0):
        """Waits until an expression is true, and answers its value."""
        deadline = time.monotonic() + seconds
        while True:
            value = self.evaluate(expression)
            if value:
                return value
            assert time.monotonic() < deadline, f"not so after {seconds} s: {expression}\n{self.text()}"
            time.sleep(0.1)

    def text(self):
        """What a person can read, as lines."""
        return self.evaluate("document.body ? document.body.innerText : ''")

    def press(self, key, code):
        """One key, as the keyboard sends it."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    # How it is looked at.

    def resize(self, width, height=900, phone=False):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def prefer(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}])

    def screenshot(self, path):
        """The whole page, as long as it is, as a PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        image = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(base64.b64decode(image["data"]))

    # What it did.

    def _told(self, method):
        self.evaluate("0")
        return [event["params"] for event in self.events if event["method"] == method]

    def complaints(self):
        """Errors and warnings of the console, exceptions, and what the page's policy forbade."""
        said = [entry["entry"]["text"] for entry in self._told("Log.entryAdded")]
        said += [str(call["args"]) for call in self._told("Runtime.consoleAPICalled")]
        return said + [str(thrown["exceptionDetails"]) for thrown in self._told("Runtime.exceptionThrown")]

    def hosts(self):
        """Everyone who was asked for anything over the network."""
        addresses = (request["request"]["url"] for request in self._told("Network.requestWillBeSent"))
        return {urlsplit(address).netloc for address in addresses if not address.startswith(("data:", "about:"))}

    def close(self):
        if hasattr(self, "_socket"):
            self._socket.close()
        # The browser is a family of processes, in a session of its own.
        try:
            os.killpg(self._process.pid, 15)
            self._process.wait(timeout=10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        self._folder.cleanup()
