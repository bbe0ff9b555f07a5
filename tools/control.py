"""Runs `flightlog serve` alone, for what is about its HTTP interface: source and targets are away."""
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time

import planted
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
        # Of tokens that this makes; each is told once, to whoever makes it.
        self.secrets = []
        os.makedirs(folder, exist_ok=True)
        away = [free_port() for _ in range(3)]
        with open(self.config, 'w') as file:
            file.write('version: 1\ndata: %s\nlisten: %s\nsources:\n  main:\n' % (os.path.join(folder, 'data'), listen or '127.0.0.1:%d' % self.port))
            file.write('    etcd: { endpoints: [http://127.0.0.1:%d], root: by-dev, meta: meta, username: u, password: %s }\n' % (away[0], planted.secret('etcd')))
            file.write('    kafka: { brokers: 127.0.0.1:%d, sasl: { mechanism: PLAIN, username: u, password: %s } }\n' % (away[1], planted.secret('kafka')))
            file.write('    milvus: { uri: http://127.0.0.1:%d, token: { env: SOURCE_TOKEN } }\n' % away[0])
            file.write('\n'.join(planted.targets_and_repositories(folder, 'https://127.0.0.1:%d' % away[2])).replace(
                'targets:\n', 'targets:\n  away: { uri: http://127.0.0.1:%d, token: { env: AWAY_TOKEN } }\n' % away[2]) + '\n' + more)

    def environment(self):
        return {**os.environ, 'SWIFT_BACKTRACE': 'enable=no', **planted.ENVIRONMENT}

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
        answer = subprocess.run([self.program, *words], capture_output=True, text=True, env={**self.environment(), 'FLIGHTLOG_SERVER': self.url, **(environment or {})})
        if words[:2] == ('token', 'create') and answer.returncode == 0:
            token = answer.stdout.strip()
            self.secrets += [token, token.split('_')[2]]
        else:
            planted.keep(self.folder, answer.stdout, answer.stderr)
        return answer

    def send(self, method, path, body=None, headers=None):
        """The status, the JSON and the ETag of an answer; None where none came."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers or {})
            answer = connection.getresponse()
            text = answer.read()
            planted.keep(self.folder, str(answer.headers), text)
            isJSON = 'json' in (answer.headers.get('Content-Type') or '')
            return answer.status, json.loads(text) if isJSON else None, answer.headers.get('ETag')
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def look(self, headers=None):
        """Asks for everything that can be asked for, so that it is searched for secrets."""
        for path in ('/v1/tasks', '/v1/sources', '/v1/sources/main', '/v1/points', '/v1/restores', '/v1/operations', '/v1/events?limit=1000', '/metrics', '/cdc/metrics',
                     '/readyz?verbose', '/livez', '/openapi.json', '/nothing'):
            self.send('GET', path, headers=headers)
        self.send('POST', '/cdc', {'request_type': 'list'}, headers)
        self.command('check', '--config', self.config)
        self.command('status')

    def secrets_kept(self):
        """Whether no secret shows anywhere, and a line that says so."""
        return planted.sentence(self.folder, *self.secrets)
