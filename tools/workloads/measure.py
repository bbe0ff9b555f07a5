"""Small scenarios: keys inserted many times over, a new collection used on a target, rows imported from a file, and a mistake."""
import json
import os
import random
import time

from pymilvus import Collection, DataType, utility

from .check import count
from .model import Shape

SHAPE = Shape(('id', DataType.INT64, {}), ('n', DataType.INT32, {}), ('vector', DataType.FLOAT_VECTOR, {'dim': 8}))


def duplicates(server, prefix, keys, times):
    """Inserts the same rows several times over; every copy is an entity of its own. Returns the entities counted."""
    name, using = prefix + '_duplicates', server.using()
    if utility.has_collection(name, using=using):
        utility.drop_collection(name, using=using)
    collection = Collection(name, SHAPE.schema(), using=using, shards_num=2)
    collection.create_index('vector', SHAPE.index, sync=False)
    collection.load()
    draw = random.Random(1)
    rows = [{'id': key, 'n': key * 7, 'vector': [draw.random() for _ in range(8)]} for key in range(keys)]
    for _ in range(times):
        collection.insert(rows)
    return name, count(collection, server.now())


def usable(source, target, prefix, times, deadline, say):
    """Makes collections on the source and looks for them on the target, first once within a second, then again and again.

    Returns for each the seconds from the source's answer until the target had it, None if it never did.
    """
    found = []
    for number in range(times):
        name = '%s_usable_%d' % (prefix, number)
        Collection(name, SHAPE.schema(), using=source.using())
        made = time.monotonic()
        waited = None
        while waited is None and time.monotonic() - made < deadline:
            if target.has('default', name):
                waited = time.monotonic() - made
            else:
                time.sleep(0.01)
        if waited is not None:
            Collection(name, using=target.using())      # opens it: its definition can be read
            say('%s is on the target after %.0f ms' % (name, waited * 1000))
        else:
            say('%s is not on the target within %.0f s' % (name, deadline))
        found.append(waited)
    for number in range(times):
        utility.drop_collection('%s_usable_%d' % (prefix, number), using=source.using())
    return found


def imported(server, prefix, storage, rows=50):
    """Inserts some rows, imports others from a file in the source's storage folder, and inserts some again; only those inserted are
    in its log. Returns the collection's name."""
    name, using = prefix + '_imported', server.using()
    collection = Collection(name, SHAPE.schema(), using=using)
    collection.create_index('vector', SHAPE.index, sync=False)
    collection.load()

    def some(first):
        return [{'id': key, 'n': key, 'vector': [key % 7] * 8} for key in range(first, first + rows)]
    collection.insert(some(0))
    path = os.path.join(storage, name + '.json')
    with open(path, 'w') as file:
        json.dump({'rows': some(rows)}, file)
    job = utility.do_bulk_insert(name, [path], using=using)
    deadline = time.monotonic() + 60
    while (state := utility.get_bulk_insert_state(job, using=using)).state_name != 'Completed':
        if state.state_name == 'Failed' or time.monotonic() > deadline:
            raise RuntimeError('the import ended as %s: %s' % (state.state_name, state.failed_reason))
        time.sleep(0.1)
    os.unlink(path)
    collection.insert(some(2 * rows))
    return name


def mistake(server, prefix):
    """Deletes every row of one collection of the workload and drops another; says so, and when it was over."""
    emptied, dropped = prefix + '_types', (prefix + '_shop', prefix + '_keys')
    collection = server.collection('default', emptied)
    before = count(collection, server.now())
    collection.delete('id >= %d' % (-2**63 + 1), consistency_level='Strong')
    utility.drop_collection(dropped[1], using=server.using(dropped[0]))
    after = server.timestamp()
    left = count(collection, server.now())
    return 'all %d rows of %s were deleted (%d left) and %s.%s was dropped' % (before, emptied, left, *dropped), after
