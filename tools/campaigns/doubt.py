"""Inserts whose answer is lost, one at a time, of keys that have several rows: what became of them, and what the task tells of it."""
import time

from pymilvus import Collection, DataType

from workloads.client import Server
from workloads.model import Shape

from .checks import counts, loaded
from .load import FLAT, wait_until

# One shard, so that an insert is one request.
SHAPE = Shape(('id', DataType.INT64, {}), ('n', DataType.INT64, {}), ('vector', DataType.FLOAT_VECTOR, {'dim': 8}))
KEYS = range(50)
COPIES = 3


def doubt(checks, service, proxy, source, target, prefix):
    """Each time the target's rows of a key become one, and the task tells how many there were."""
    here, there = Server(source), Server(target)
    name = prefix + '_doubt'
    collection = Collection(name, SHAPE.schema(), using=here.using(), shards_num=1)
    collection.create_index('vector', FLAT, sync=False)
    collection.load()

    def insert():
        collection.insert([{'id': key, 'n': key, 'vector': [key] * 8} for key in KEYS])

    def caught_up():
        service.wait(['campaign'], here.timestamp(), within=120)

    caught_up()
    wait_until(lambda: loaded(there, [name]), 60)
    for _ in range(COPIES):
        insert()
    caught_up()
    held, before = COPIES, service.task('campaign')['in_doubt']
    wrong, told = [], dict(before)
    for what, was_applied in (('lose', 1), ('cut', 0), ('grpc code=DEADLINE_EXCEEDED when=after', 1), ('status code=1001 when=after', 1),
                              ('grpc code=UNAVAILABLE when=before', 0), ('kill', 1)):
        if what == 'kill':
            proxy.command('slow ms=20000 method=Insert')
            insert()
            if not wait_until(lambda: counts(there, name, 'id', [0])[0] == held + 1, 20):
                wrong.append('the insert did not reach the target')
            service.kill()
            service.start()
        else:
            proxy.command(what + ' method=Insert')
            insert()
        caught_up()
        time.sleep(0.5)
        now = service.task('campaign')['in_doubt']
        found = {kind: now[kind] - told[kind] for kind in now}
        expected = {'requests': 1, 'rows': len(KEYS), 'rows_held': len(KEYS) * (held + was_applied), 'requests_untold': 0}
        if found != expected:
            wrong.append('%s: the task tells %s, not %s' % (what, found, expected))
        fewer = {key: count for key, count in counts(there, name, 'id', KEYS).items() if count != 1}
        if fewer:
            wrong.append('%s: on the target there are not one row of each key but %s' % (what, fewer))
        told, held = now, 1
    lost = {kind: told[kind] - before[kind] for kind in told}
    checks.that('of each insert in doubt the task tells exactly how many rows of its keys the target held (%d requests, %d rows held)'
                % (lost['requests'], lost['rows_held']), not wrong, '\n'.join(wrong))
