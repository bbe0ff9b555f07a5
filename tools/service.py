"""Runs flightlog for the demo and the end-to-end test: builds it, serves, makes tasks, waits for them, stops."""
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

import planted

TOOLS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TOOLS)
LAB = os.path.abspath(os.environ.get('FLIGHTLOG_LAB') or os.path.join(ROOT, '.lab'))


class Trouble(Exception):
    pass


def note(*words):
    print(*words, file=sys.stderr, flush=True)


def tool(name, *arguments, check=True, quiet=True):
    """Runs a program of tools/ and returns its answer; its standard error is shown only if it fails."""
    answer = subprocess.run([os.path.join(TOOLS, name), *map(str, arguments)], capture_output=quiet, text=True)
    if check and answer.returncode != 0:
        raise Trouble('%s %s: exit %d\n%s%s' % (name, ' '.join(map(str, arguments)), answer.returncode, answer.stdout or '', answer.stderr or ''))
    return answer


def binary(prefer='debug'):
    """Builds the program in whichever configuration is there already (else the preferred one) and returns its path.

    FLIGHTLOG_BINARY names one that is built already.
    """
    named = os.environ.get('FLIGHTLOG_BINARY')
    if named:
        return os.path.abspath(named)
    kinds = [prefer, *{'debug', 'release'} - {prefer}]
    built = [kind for kind in kinds if os.path.exists(os.path.join(ROOT, '.build', kind, 'flightlog'))]
    kind = built[0] if built else prefer
    if subprocess.run(['swift', 'build', '-c', kind, '--product', 'flightlog'], cwd=ROOT, stdout=sys.stderr).returncode != 0:
        raise Trouble('the build failed')
    return os.path.join(ROOT, '.build', kind, 'flightlog')


def lab_addresses():
    """The addresses of the lab that was started last with this port offset."""
    offset = int(os.environ.get('FLIGHTLOG_LAB_PORT_OFFSET') or 0)
    found = {}
    with open(os.path.join(LAB, 'lab.env' if offset == 0 else 'lab+%d.env' % offset)) as file:
        for line in file:
            name, _, value = line.rstrip('\n').removeprefix('export ').partition('=')
            found[name] = value
    return found


class Service:
    """One `flightlog serve` with its configuration and data in a folder of its own; `targets` are lines of the configuration."""

    def __init__(self, program, folder, lab, port, targets=()):
        self.program, self.folder, self.lab, self.process = program, folder, lab, None
        self.url = 'http://127.0.0.1:%d' % port
        self.config = os.path.join(folder, 'flightlog.yaml')
        self.data = os.path.join(folder, 'data')
        self.journal = os.path.join(self.data, 'journal', 'main')
        self.log = os.path.join(folder, 'serve.log')
        os.makedirs(folder, exist_ok=True)
        with open(self.config, 'w') as file:
            file.write('\n'.join([
                'version: 1',
                'data: %s' % self.data,
                'listen: 127.0.0.1:%d' % port,
                'sources:',
                '  main:',
                '    etcd: { endpoints: [%s], root: by-dev, meta: meta }' % lab['LAB_ETCD'],
                '    kafka: { brokers: %s }' % lab['LAB_KAFKA'],
                '    milvus: { uri: %s, token: { env: SOURCE_TOKEN } }' % lab['LAB_SOURCE'],
                *planted.targets_and_repositories(folder, lab['LAB_TARGET'], targets),
                '']))

    def environment(self):
        return {**os.environ, **planted.ENVIRONMENT, 'FLIGHTLOG_SERVER': self.url}

    def launch(self):
        """Starts the program without waiting for it; returns where its log was."""
        with open(self.log, 'ab') as log:
            start = log.tell()
            self.process = subprocess.Popen([self.program, 'serve', '--config', self.config], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=self.environment())
        return start

    def start(self, within=30):
        start = self.launch()
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            with open(self.log, 'rb') as file:
                file.seek(start)
                if b'listening on ' in file.read():
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise Trouble('flightlog serve does not answer; the end of %s:\n%s' % (self.log, self.log_end()))

    def log_end(self, count=20):
        with open(self.log, errors='replace') as file:
            return ''.join(file.readlines()[-count:])

    def stop(self, number=signal.SIGTERM, within=30):
        """Stops the program if it runs and returns its exit code."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def kill(self):
        return self.stop(signal.SIGKILL)

    def memory_mib(self):
        """The most memory that the running program has used."""
        with open('/proc/%d/status' % self.process.pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith('VmHWM')) // 1024

    def command(self, *arguments, check=True, output=None, within=None):
        """Runs a command of the program; with `output='json'` returns what it printed, parsed."""
        words = [self.program, *map(str, arguments)]
        if output:
            words += ['--output', output]
        try:
            answer = subprocess.run(words, capture_output=True, text=True, cwd=self.folder, env=self.environment(), timeout=within)
        except subprocess.TimeoutExpired as still:
            raise Trouble('flightlog %s still runs after %d s\n%s' % (' '.join(map(str, arguments)), within, (still.stderr or b'').decode()))
        planted.keep(self.folder, answer.stdout, answer.stderr)
        if check and answer.returncode != 0:
            raise Trouble('flightlog %s: exit %d\n%s%s' % (' '.join(map(str, arguments)), answer.returncode, answer.stdout, answer.stderr))
        return json.loads(answer.stdout) if output == 'json' and check else answer

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            text = answer.read()
        planted.keep(self.folder, text)
        return json.loads(text) if 'json' in answer.headers['Content-Type'] else text.decode()

    def secrets_kept(self):
        """Whether no secret shows in anything that was said or stored, and a line that says so; ask while it runs."""
        for path in ('/v1/sources', '/v1/tasks', '/v1/points', '/v1/restores', '/v1/operations', '/v1/events?limit=1000', '/metrics', '/cdc/metrics'):
            self.get(path)
        for words in (['status'], ['check', '--config', self.config], ['journal', 'ls', self.journal], ['journal', 'cat', self.journal, '--output', 'jsonl']):
            self.command(*words, check=False)
        return planted.sentence(self.folder)

    def task(self, identifier):
        return self.command('task', 'show', identifier, output='json')

    def wait(self, identifiers, timestamp, within=120):
        """Waits until every task's target holds everything up to a source timestamp; returns the seconds that took."""
        began = time.monotonic()
        waiting = list(identifiers)
        while waiting:
            for identifier in list(waiting):
                task = self.task(identifier)
                if task['state'] in ('parked', 'gap', 'failed') or task.get('parked'):
                    raise Trouble('task %s is %s: %s' % (identifier, task['state'], json.dumps(task.get('parked') or task.get('last_error'))))
                if (task.get('checkpoint') or {}).get('tso', 0) >= timestamp:
                    waiting.remove(identifier)
            if waiting and time.monotonic() - began > within:
                raise Trouble('after %d s these have not caught up with %d: %s' % (within, timestamp, json.dumps([self.task(i) for i in waiting])))
            if waiting:
                time.sleep(0.1)
        return time.monotonic() - began


def segment(journal):
    """The path of a journal's first segment."""
    return min(os.path.join(journal, name) for name in os.listdir(journal) if name.endswith('.flog'))


def alter(journal):
    """Flips one bit in the middle of a journal."""
    with open(segment(journal), 'r+b') as file:
        file.seek(os.path.getsize(file.name) // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 4]))


def truncate(journal):
    """Cuts the second half of a journal off."""
    os.truncate(segment(journal), os.path.getsize(segment(journal)) // 2)


def marks(path):
    """The marks of a workload that are written so far: phase, timestamp, time and entities, oldest first."""
    found = []
    with open(path) as file:
        for line in file:
            if not line.endswith('\n'):
                break
            mark = json.loads(line)
            entities = sum(state['count'] for collections in mark['databases'].values() for state in collections.values())
            found.append({'phase': mark['phase'], 'tso': mark['tso'], 'time': mark['time'], 'entities': entities})
    return found
