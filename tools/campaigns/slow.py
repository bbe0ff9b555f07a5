"""One collection that the target refuses for a while, with more rows waiting than fit in a window: what the delay of another one was
before, and is meanwhile."""
import os
import threading

import numpy
from pymilvus import Collection

from workloads.client import Server
from workloads.model import Shape

from .apart import Steady, delays, hold_against, told
from .checks import loaded
from .load import FLAT, T, wait_until
from .proxy import TargetProxy

WIDE = Shape(('id', T.INT64, {}), ('vector', T.FLOAT_VECTOR, {'dim': 128}))
BATCH, BATCHES = 5000, 24       # some 60 MB, where a window holds 24 MiB
REFUSALS = 10**9


class Bulk:
    """Many rows for one collection."""

    def __init__(self, source, name):
        self.server, self.rows = Server(source), 0
        self.collection = Collection(name, WIDE.schema(), using=self.server.using())
        self.collection.create_index('vector', FLAT, sync=False)
        self.collection.load()

    def run(self):
        draw = numpy.random.default_rng(1)
        for _ in range(BATCHES):
            keys = list(range(self.rows, self.rows + BATCH))
            self.collection.insert([keys, draw.random((BATCH, 128), dtype=numpy.float32).tolist()])
            self.rows += BATCH


def slow(options, checks, flightlog, lab, folder, port):
    steadily, much = options.prefix + '_steady', options.prefix + '_much'
    proxy = TargetProxy(lab['LAB_TARGET'], port, folder, trace=os.path.join(folder, 'trace.jsonl'))
    try:
        flightlog.start()
        flightlog.command('task', 'create', '--id', 'one', '--source', 'main', '--target', proxy.address, '--include', 'default.%s_*' % options.prefix)
        steady, bulk = Steady(lab['LAB_SOURCE'], steadily), Bulk(lab['LAB_SOURCE'], much)
        steady.run(5)
        before = steady.run(options.seconds / 2)
        proxy.command('status n=%d method=Insert collection=%s code=8' % (REFUSALS, much))
        writer = threading.Thread(target=bulk.run, daemon=True)
        writer.start()
        writing = []
        while writer.is_alive():
            writing += steady.run(1)
        # What is written by now waits in the journal; the source is at rest but for single rows, as before.
        during = steady.run(options.seconds)
        task = flightlog.task('one')
        refused = sum(proxy.command('clear')['faults'].values())
        last = steady.server.timestamp()
        seconds = flightlog.wait(['one'], last, within=300)
        found = {when: delays(steady, proxy, keys) for when, keys in (('before', before), ('writing', writing), ('during', during))}
        for when, times in found.items():
            checks.say('%-8s  %s' % (when, told(times)))
        checks.that('the target refused rows all the while (%d calls), and the task tells how far behind it is' % refused,
                    refused > 5 and task['lag_seconds'] > options.seconds / 2, task)
        checks.that('every row of the other collection came', all(len(found[when]) == len(keys) for when, keys in
                                                                 (('before', before), ('writing', writing), ('during', during))))
        hold_against(checks, found['before'], found['during'])
        checks.that('the refused one catches up (%.1f s, %d rows)' % (seconds, bulk.rows), True)
        there = Server(lab['LAB_TARGET'])
        wait_until(lambda: loaded(there, [steadily, much]), 60)
        answer = flightlog.command('compare', lab['LAB_SOURCE'], lab['LAB_TARGET'], '--include', 'default.%s_*' % options.prefix, check=False)
        checks.that('the target equals the source', answer.returncode == 0, answer.stdout + answer.stderr)
    finally:
        flightlog.stop()
        proxy.stop()
