"""What a campaign does to the source: everything that can go wrong when it is done twice or in another order.

Each part works on collections of its own from a thread of its own, without a pause for the target. Nothing is modelled:
at the end the target is held against the source. In `twice` the rows of one key are always equal, since a Milvus that
holds several shows any of them.
"""
import random
import threading
import time

from pymilvus import Collection, DataType, db, utility

from workloads.client import Server, keys_expression
from workloads.model import Shape

T = DataType
FLAT = {'index_type': 'FLAT', 'metric_type': 'L2', 'params': {}}


def vector(dim=8):
    return ('vector', T.FLOAT_VECTOR, {'dim': dim})


NUMBERS = Shape(('id', T.INT64, {}), ('n', T.INT64, {}), vector(), shards=2)
TEXTS = Shape(('key', T.VARCHAR, {'max_length': 64}), ('n', T.INT64, {}), vector(4), shards=2)
OTHER = Shape(('id', T.INT64, {}), ('note', T.VARCHAR, {'max_length': 64}), vector(6))
TENANTS = Shape(('id', T.INT64, {}), ('tenant', T.VARCHAR, {'max_length': 16}), ('n', T.INT64, {}), vector(4), partition_key='tenant')
AUTO = Shape(('id', T.INT64, {}), ('n', T.INT64, {}), vector(4), auto=True, dynamic=True)


class Part(threading.Thread):
    """One thread of the load; a failure of the source ends it and is told."""
    pause = 0.02

    def __init__(self, uri, prefix, seed):
        super().__init__(daemon=True)
        self.server, self.prefix = Server(uri), prefix
        self.random = random.Random('%s/%s' % (seed, type(self).__name__))
        self.ending = threading.Event()
        self.operations = self.rows = self.next_key = 0
        self.failure = None

    def run(self):
        try:
            self.begin()
            while not self.ending.is_set():
                self.step()
                self.ending.wait(self.pause * self.random.uniform(0, 2))
            self.end()
        except Exception as failure:        # told by the campaign, which cannot go on without
            self.failure = '%s: %s: %s' % (type(self).__name__, type(failure).__name__, failure)

    def begin(self):
        pass

    def end(self):
        pass

    # What is done to the source

    def name(self, name):
        return '%s_%s' % (self.prefix, name)

    def make(self, name, shape, database='default', load=True):
        partitions = {'num_partitions': 4} if shape.partition_key else {}
        collection = Collection(name, shape.schema(), using=self.server.using(database), shards_num=shape.shards, **partitions)
        self.operations += 1
        if load:
            collection.create_index('vector', FLAT, sync=False)
            collection.load()
            self.operations += 2
        return collection

    def drop(self, name, database='default'):
        utility.drop_collection(name, using=self.server.using(database))
        self.operations += 1

    def insert(self, collection, rows, partition=None):
        collection.insert(rows, partition_name=partition)
        self.wrote(len(rows))

    def upsert(self, collection, rows, partition=None):
        collection.upsert(rows, partition_name=partition)
        self.wrote(len(rows))

    def delete(self, collection, key, keys):
        if keys:
            collection.delete(keys_expression(key, keys))
            self.wrote(len(keys))

    def wrote(self, rows):
        self.operations += 1
        self.rows += rows

    def keys(self, count):
        self.next_key += count
        return list(range(self.next_key - count, self.next_key))

    def values(self, dim):
        return [self.random.random() for _ in range(dim)]


class Twice(Part):
    """Keys inserted again and again, with deletes between."""
    KEYS = 300

    def begin(self):
        self.collection = self.make(self.name('twice'), NUMBERS)
        self.generation = [0] * self.KEYS
        self.held = [0] * self.KEYS

    def step(self):
        keys = [self.random.randrange(self.KEYS) for _ in range(self.random.choice([1, 2, 5, 20]))]
        if self.random.random() < 0.9:
            self.insert(self.collection, [self.row(key) for key in keys])
            for key in keys:
                self.held[key] += 1
        else:
            keys = sorted(set(keys))
            self.delete(self.collection, 'id', keys)
            for key in keys:
                self.generation[key] += 1
                self.held[key] = 0

    def row(self, key):
        draw = random.Random(key * 1000 + self.generation[key])
        return {'id': key, 'n': key * 1000 + self.generation[key], 'vector': [draw.random() for _ in range(8)]}


class Replaced(Part):
    """Upserts of keys that are there and of new ones, and deletes."""

    def begin(self):
        self.collection = self.make(self.name('replaced'), TEXTS)
        self.there = []

    def step(self):
        kind = self.random.random()
        if kind < 0.3 or len(self.there) < 20:
            keys = ['key-%d "%s"' % (key, 'ü' * (key % 3)) for key in self.keys(self.random.randrange(1, 15))]
            (self.insert if kind < 0.2 else self.upsert)(self.collection, [self.row(key) for key in keys])
            self.there += keys
        elif kind < 0.85:
            self.upsert(self.collection, [self.row(key) for key in self.random.sample(self.there, self.random.randrange(1, 15))])
        else:
            gone = set(self.random.sample(self.there, self.random.randrange(1, 8)))
            self.delete(self.collection, 'key', sorted(gone))
            self.there = [key for key in self.there if key not in gone]

    def row(self, key):
        return {'key': key, 'n': self.random.randrange(2**40), 'vector': self.values(4)}


class Again(Part):
    """A collection that is dropped and made again under its name, now with this definition and now with that."""

    def begin(self):
        self.turn = 0

    def step(self):
        shape = (NUMBERS, OTHER)[self.turn % 2]
        collection = self.make(self.name('again'), shape, load=self.turn % 3 == 2)
        for _ in range(self.random.randrange(0, 6)):
            self.insert(collection, [self.row(shape, key) for key in self.keys(self.random.randrange(1, 30))])
            if self.random.random() < 0.3:
                self.delete(collection, 'id', [self.next_key - 1])
            self.ending.wait(0.05)
        self.turn += 1
        if self.ending.is_set():
            return
        self.drop(self.name('again'))

    def row(self, shape, key):
        if shape is NUMBERS:
            return {'id': key, 'n': self.turn, 'vector': self.values(8)}
        return {'id': key, 'note': 'turn %d' % self.turn, 'vector': self.values(6)}

    def end(self):
        if not utility.has_collection(self.name('again'), using=self.server.using()):
            self.step()


class Parts(Part):
    """Partitions that are dropped and made again under their names."""
    NAMES = ['red', 'green', 'blue']

    def begin(self):
        self.collection = self.make(self.name('parts'), NUMBERS, load=False)
        self.there = []

    def step(self):
        missing = [name for name in self.NAMES if name not in self.there]
        kind = self.random.random()
        if missing and kind < 0.3:
            name = self.random.choice(missing)
            self.collection.create_partition(name)
            self.there.append(name)
            self.operations += 1
        elif self.there and kind < 0.4:
            name = self.random.choice(self.there)
            self.collection.drop_partition(name)
            self.there.remove(name)
            self.operations += 1
        else:
            name = self.random.choice(['_default', *self.there])
            self.insert(self.collection, [self.row(key) for key in self.keys(self.random.randrange(1, 20))], name)

    def row(self, key):
        return {'id': key, 'n': key, 'vector': self.values(8)}


class Names(Part):
    """Renames back and forth with a new collection in between, aliases, and a database that comes and goes."""
    pause = 0.15

    def begin(self):
        self.one, self.two, self.database = self.name('one'), self.name('two'), self.name('db')
        self.make(self.one, NUMBERS, load=False)
        self.serial = 0

    def step(self):
        using = self.server.using()
        utility.rename_collection(self.one, self.two, using=using)
        self.operations += 1
        self.fill(self.make(self.one, OTHER, load=False))
        utility.create_alias(self.one, self.name('alias'), using=using)
        utility.alter_alias(self.two, self.name('alias'), using=using)
        utility.drop_alias(self.name('alias'), using=using)
        self.operations += 3
        self.drop(self.one)
        utility.rename_collection(self.two, self.one, using=using)
        self.operations += 1
        self.fill(self.server.collection('default', self.one))
        if self.random.random() < 0.5:
            db.create_database(self.database, using=using)
            self.fill(self.make('inside', NUMBERS, database=self.database, load=False))
            self.drop('inside', self.database)
            db.drop_database(self.database, using=using)
            self.server.forget(self.database)
            self.operations += 2

    def fill(self, collection):
        self.serial += 1
        keys = self.keys(self.random.randrange(1, 10))
        if any(field.name == 'note' for field in collection.schema.fields):
            rows = [{'id': key, 'note': 'serial %d' % self.serial, 'vector': self.values(6)} for key in keys]
        else:
            rows = [{'id': key, 'n': self.serial, 'vector': self.values(8)} for key in keys]
        self.insert(collection, rows)


class Others(Part):
    """A partition key, and keys that the source makes."""

    def begin(self):
        self.tenants = self.make(self.name('tenants'), TENANTS)
        self.auto = self.make(self.name('auto'), AUTO)
        self.made = []

    def step(self):
        kind = self.random.random()
        count = self.random.randrange(1, 20)
        if kind < 0.4:
            self.insert(self.tenants, [{'id': key, 'tenant': 't%d' % (key % 7), 'n': key, 'vector': self.values(4)} for key in self.keys(count)])
        elif kind < 0.55:
            self.delete(self.tenants, 'id', sorted({self.random.randrange(self.next_key + 1) for _ in range(count)}))
        elif kind < 0.9:
            rows = [{'n': n, 'vector': self.values(4), 'extra': {'n': [n, None]}} for n in range(count)]
            self.made += self.auto.insert(rows).primary_keys
            self.wrote(count)
        elif self.made:
            keys = self.random.sample(self.made, min(len(self.made), count))
            self.delete(self.auto, 'id', keys)
            self.made = [key for key in self.made if key not in set(keys)]


PARTS = [Twice, Replaced, Again, Parts, Names, Others]


class Load:
    """All parts at once, from `start` to `stop`."""

    def __init__(self, uri, prefix, seed, pace=1, parts=PARTS):
        self.server = Server(uri)
        self.parts = [part(uri, prefix, seed) for part in parts]
        for part in self.parts:
            part.pause *= pace

    def start(self):
        for part in self.parts:
            part.start()

    def check(self):
        failures = [part.failure for part in self.parts if part.failure]
        if failures:
            raise RuntimeError('the load ended: ' + '; '.join(failures))

    def stop(self):
        """Lets every part come to its end; returns the source's time after all that was done."""
        for part in self.parts:
            part.ending.set()
        for part in self.parts:
            part.join(60)
        self.check()
        return self.server.timestamp()

    @property
    def operations(self):
        return sum(part.operations for part in self.parts)

    @property
    def rows(self):
        return sum(part.rows for part in self.parts)


def wait_until(holds, seconds, step=0.1):
    """Whether something came true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True
