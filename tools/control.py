"""Runs `flightlog serve` alone, for what is about its HTTP interface: source and targets are away."""
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time

from service import Trouble


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server:
    """One `flightlog serve`, to be stopped or killed and started again."""

    def __init__(self, program, folder, more='', listen=None):
        self.program, self.folder, self.port = program, folder, free_port()
        self.url = 'http://127.0.0.1:%d' % self.port
        self.config = os.path.join(folder, 'flightlog.yaml')
        self.log = os.path.join(folder, 'serve.log')
        self.catalog = os.path.join(folder, 'data', 'catalog.sqlite')
        self.process = None
        os.makedirs(folder, exist_ok=True)
        away = [free_port() for _ in range(3)]
        with open(self.config, 'w') as file:
            file.write('version: 1\ndata: %s\nlisten: %s\nsources:\n  main:\n' % (os.path.join(folder, 'data'), listen or '127.0.0.1:%d' % self.port))
            file.write('    etcd: { endpoints: [http://127.0.0.1:%d], root: by-dev, meta: meta }\n' % away[0])
            file.write('    kafka: { brokers: 127.0.0.1:%d }\n' % away[1])
            file.write('targets:\n  away: { uri: http://127.0.0.1:%d, token: { env: AWAY_TOKEN } }\n%s' % (away[2], more))

    def environment(self):
        return {**os.environ, 'SWIFT_BACKTRACE': 'enable=no', 'AWAY_TOKEN': 'canary-target-4711'}

    def start(self, *options):
        with open(self.log, 'ab') as log:
            began = log.tell()
            self.process = subprocess.Popen([self.program, 'serve', '--config', self.config, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment())
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            if b'listening on ' in self.said(began):
                return
            time.sleep(0.01)
        raise Trouble('serve does not start; the end of its log:\n' + self.said(began).decode(errors='replace')[-2000:])

    def said(self, since=0):
        with open(self.log, 'rb') as log:
            log.seek(since)
            return log.read()

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self, within=30):
        """Stops it as an operator would, and returns its exit code; None if it does not stop."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def command(self, *words, environment=None):
        return subprocess.run([self.program, *words], capture_output=True, text=True, env={**self.environment(), 'FLIGHTLOG_SERVER': self.url, **(environment or {})})

    def send(self, method, path, body=None, headers=None):
        """The status, the JSON and the ETag of an answer; None where none came."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers or {})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None, answer.headers.get('ETag')
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()
