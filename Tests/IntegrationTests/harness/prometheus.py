"""A real Prometheus that scrapes every second, and a real nginx that asks for the older text format on its behalf."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import requests

from .page import TEXT
from .waiting import eventually, free_port


def part(name):
    """The path of a real part; a missing one fails the test."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    assert path, f"{name} is not installed; run scripts/install-dependencies.sh test"
    return path


class Part:
    """A process in the foreground with a directory and a log of its own."""

    def __init__(self, directory, arguments, environment=None):
        self.log_path = Path(directory) / "log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def check_alive(self):
        assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.log()}"

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Prometheus(Part):
    def __init__(self, directory, targets, rules=()):
        """`targets` maps a job's name to the host:port that it scrapes; `directory` may hold data already."""
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self.address = f"127.0.0.1:{free_port()}"
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(path) for path in rules],
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": [address]}]} for job, address in targets.items()
            ],
        }
        # Every JSON document is a YAML document.
        (directory / "prometheus.yaml").write_text(json.dumps(config))
        super().__init__(directory, [
            part("prometheus"),
            f"--config.file={directory}/prometheus.yaml",
            f"--storage.tsdb.path={directory}/data",
            f"--web.listen-address={self.address}",
        ])
        eventually(self.ready, True, 20)
        for job in targets:
            eventually(lambda job=job: self.value(f'up{{job="{job}"}}'), 1, 20, because=f"for job {job}")

    def ready(self):
        self.check_alive()
        try:
            return requests.get(f"http://{self.address}/-/ready", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def query(self, expression):
        """The result of an instant query: a list of {"metric": …, "value": …}."""
        response = requests.get(f"http://{self.address}/api/v1/query", params={"query": expression}, timeout=10)
        answer = response.json()
        assert answer["status"] == "success", f"{expression}: {answer.get('error')}"
        return answer["data"]["result"]

    def query_range(self, expression, seconds, step):
        """The result over the seconds before now: a list of {"metric": …, "values": …}."""
        now = time.time()
        parameters = {"query": expression, "start": now - seconds, "end": now, "step": step}
        response = requests.get(f"http://{self.address}/api/v1/query_range", params=parameters, timeout=10)
        answer = response.json()
        assert answer["status"] == "success", f"{expression}: {answer.get('error')}"
        return answer["data"]["result"]

    def value(self, expression):
        result = self.query(expression)
        return float(result[0]["value"][1]) if result else None

    def rules(self):
        """Every rule that was evaluated, as {"name", "health", "lastError", …}."""
        groups = requests.get(f"http://{self.address}/api/v1/rules", timeout=10).json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def complaints(self):
        """Log lines about samples that were refused or scrapes that failed."""
        words = ("level=warn", "level=error", "duplicate", "out-of-order", "append failed")
        # Before its first scrape it may say that it found no write-ahead log; only scraping interests here.
        return [line for line in self.log().splitlines() if "scrape" in line and any(word in line for word in words)]


class TextFormatProxy(Part):
    """nginx in front of a target that always asks for text 0.0.4, which Prometheus 2 itself never prefers."""

    def __init__(self, directory, target):
        directory = Path(directory)
        directory.mkdir(parents=True)
        self.address = f"127.0.0.1:{free_port()}"
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
              server {{
                listen {self.address};
                location / {{
                  proxy_pass http://{target};
                  proxy_buffering off;
                  proxy_set_header Accept "{TEXT}";
                }}
              }}
            }}
            """
        )
        super().__init__(directory, [part("nginx"), "-c", f"{directory}/nginx.conf", "-e", "stderr"])
        eventually(self.answers, True, 10)

    def answers(self):
        self.check_alive()
        try:
            return requests.get(f"http://{self.address}/-/healthy", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False
