"""Two targets of one source, one of them stopped: what the other one's delay was before, and is meanwhile."""
import json
import os
import signal
import statistics
import subprocess
import time

from pymilvus import Collection

from service import tool
from workloads.client import Server

from .checks import loaded
from .environment import TOOLS
from .load import FLAT, NUMBERS, wait_until
from .proxy import TargetProxy

PAUSE = 0.05            # seconds between single-row inserts


class Steady:
    """Single-row inserts at a steady rate; remembers when each was answered."""

    def __init__(self, source, name):
        self.server, self.name = Server(source), name
        self.collection = Collection(name, NUMBERS.schema(), using=self.server.using(), shards_num=NUMBERS.shards)
        self.collection.create_index('vector', FLAT, sync=False)
        self.collection.load()
        self.answered = {}      # key -> monotonic nanoseconds

    def run(self, seconds):
        """Returns the keys that were inserted in so many seconds."""
        end, keys = time.monotonic() + seconds, []
        while time.monotonic() < end:
            key = len(self.answered)
            self.collection.insert([{'id': key, 'n': key, 'vector': [key % 7] * 8}])
            self.answered[key] = time.monotonic_ns()
            keys.append(key)
            time.sleep(PAUSE)
        return keys


def delays(steady, proxy, keys):
    """Milliseconds from the source's answer to the target's, for each key; those that did not come are missing."""
    applied = {}
    for call in proxy.calls():
        if call['method'] == 'Insert' and call['collection'] == steady.name:
            for key in call.get('keys', []):
                applied.setdefault(key, call['answered'])
    return sorted((applied[key] - steady.answered[key]) / 1e6 for key in keys if key in applied)


def told(found):
    return '%d rows, median %.0f ms, 95th percentile %.0f ms, longest %.0f ms' % (
        len(found), statistics.median(found), found[int(len(found) * 0.95)], found[-1])


def hold_against(checks, before, during):
    """Checks that delays stay what they were."""
    # A delay is mostly the wait for the source's next tick, between 0 and 200 ms; so a tenth of that is no change.
    middle = [statistics.median(times) for times in (before, during)]
    checks.that('the median delay did not change (%.2f times)' % (middle[1] / middle[0]), middle[1] <= middle[0] * 1.1 + 20)
    edge = [times[int(len(times) * 0.95)] for times in (before, during)]
    checks.that('nor did the 95th percentile (%.2f times)' % (edge[1] / edge[0]), edge[1] <= edge[0] * 1.25 + 20)


def process_of(name):
    """The process id of one of the lab's counterparts."""
    answer = subprocess.run([os.path.join(TOOLS, 'lab'), 'status', name, '--output', 'json'], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)['counterparts'][name]['pid']


def apart(options, checks, flightlog, lab, folder, port):
    name = options.prefix + '_steady'
    proxy = TargetProxy(lab['LAB_TARGET'], port, folder, trace=os.path.join(folder, 'trace.jsonl'))
    pid = process_of('target2')
    is_stopped = False
    try:
        flightlog.start()
        for task, target in (('one', proxy.address), ('other', lab['LAB_TARGET2'])):
            flightlog.command('task', 'create', '--id', task, '--source', 'main', '--target', target, '--include', 'default.' + name)
        steady = Steady(lab['LAB_SOURCE'], name)
        steady.run(5)
        before = steady.run(options.seconds / 2)
        os.kill(pid, signal.SIGSTOP)
        is_stopped = True
        checks.say('the other target stands still')
        during = steady.run(options.seconds)
        tasks = {task: flightlog.task(task) for task in ('one', 'other')}
        # A Milvus that stood still for so long ends by itself, since its session is over: it is started anew.
        tool('lab', 'stop', '--now', 'target2')
        is_stopped = False
        tool('lab', 'start', 'target2')
        checks.say('the other target runs again')
        after = steady.run(options.seconds / 2)
        last = steady.server.timestamp()
        flightlog.wait(['one'], last, within=60)
        found = {when: delays(steady, proxy, keys) for when, keys in (('before', before), ('during', during), ('after', after))}
        for when, times in found.items():
            checks.say('%-6s  %s' % (when, told(times)))
        checks.that('every row came', all(len(found[when]) == len(keys) for when, keys in (('before', before), ('during', during), ('after', after))))
        hold_against(checks, found['before'], found['during'])
        checks.that('the stopped one was behind meanwhile, the other was not',
                    tasks['other']['lag_seconds'] > options.seconds / 2 and tasks['one']['lag_seconds'] < 5, tasks)
        seconds = flightlog.wait(['one', 'other'], last, within=300)
        checks.that('both targets catch up (%.1f s)' % seconds, True)
        for target in ('LAB_TARGET', 'LAB_TARGET2'):
            there = Server(lab[target])
            wait_until(lambda: loaded(there, [name]), 60)
            answer = flightlog.command('compare', lab['LAB_SOURCE'], lab[target], '--include', 'default.' + name, check=False)
            checks.that('%s equals the source' % target.removeprefix('LAB_').lower(), answer.returncode == 0, answer.stdout + answer.stderr)
    finally:
        if is_stopped:
            os.kill(pid, signal.SIGCONT)
        flightlog.stop()
        proxy.stop()
