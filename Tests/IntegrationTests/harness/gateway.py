"""Real gateways that ask the sidecar before they let a request through to a model."""

import os
import subprocess
from pathlib import Path

import requests

from .prometheus import Part, part
from .waiting import eventually, free_port


class Proxy(Part):
    """A proxy before the model that asks the sidecar, at `address`."""

    def answers(self):
        self.check_alive()
        try:
            requests.get(f"http://{self.address}/", timeout=5)
            return True
        except requests.ConnectionError:
            return False


class Gateway(Proxy):
    """The configuration of docs/gateways.md, in front of a model that always answers `answered`."""

    def __init__(self, directory, snippet, control):
        directory = Path(directory)
        directory.mkdir(parents=True)
        self.address = f"127.0.0.1:{free_port()}"
        model = f"127.0.0.1:{free_port()}"
        snippet = snippet.replace("127.0.0.1:9466", control).replace("model.internal:8000", model)
        user = "user root;" if os.getuid() == 0 else ""
        temporary = "".join(
            f"{kind}_temp_path {directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (directory / "nginx.conf").write_text(
            f"""
            daemon off; {user} worker_processes 1; pid {directory}/pid; error_log stderr;
            events {{}}
            http {{
              access_log off; {temporary}
              server {{ listen {model}; location / {{ return 200 "answered"; }} }}
              server {{
                listen {self.address};
                # A stand-in for whatever tells the gateway who its client is.
                set $client $http_x_client;
                {snippet}
              }}
            }}
            """
        )
        super().__init__(directory, [part("nginx"), "-c", f"{directory}/nginx.conf", "-e", "stderr"])
        eventually(self.answers, True, 10)

    def ask(self, client, method="POST", **headers):
        """One call to the model on behalf of `client`."""
        fields = {"X-Client": client} if client else {}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method, f"http://{self.address}/v1/chat/completions?stream=1", headers=fields, json={"model": "m"}, timeout=10
        )


class Caddy(Proxy):
    """The configuration of docs/gateways.md in a Caddy that knows its clients by name and password."""

    PASSWORD = "a password"

    def __init__(self, directory, snippet, control, users):
        directory = Path(directory)
        directory.mkdir(parents=True)
        self.address = f"127.0.0.1:{free_port()}"
        model = f"127.0.0.1:{free_port()}"
        snippet = snippet.replace("127.0.0.1:9466", control).replace("model.internal:8000", model)
        hashed = subprocess.run(
            [part("caddy"), "hash-password", "--plaintext", self.PASSWORD],
            capture_output=True, text=True, check=True, timeout=30,
        ).stdout.strip()
        names = "\n".join(f"{user} {hashed}" for user in users)
        # Spoken to as 127.0.0.1, so that no certificate is asked for; no admin port, no files of its own.
        (directory / "Caddyfile").write_text(
            f"""
            {{
              admin off
              auto_https off
              storage file_system {directory}/storage
            }}
            http://{model} {{
              respond "answered"
            }}
            http://{self.address} {{
              basicauth {{
                {names}
              }}
              {snippet}
            }}
            """
        )
        environment = os.environ | {"HOME": str(directory), "XDG_CONFIG_HOME": str(directory)}
        super().__init__(
            directory, [part("caddy"), "run", "--config", f"{directory}/Caddyfile", "--adapter", "caddyfile"], environment)
        eventually(self.answers, True, 10)

    def ask(self, client, method="POST", **headers):
        """One call to the model by `client`."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method, f"http://{self.address}/v1/chat/completions?stream=1", headers=fields, json={"model": "m"}, timeout=10,
            auth=(client, self.PASSWORD),
        )
