"""The workload: what is done to the source, phase by phase, from a seed."""
import random
import struct
import time

from pymilvus import Collection, DataType, db, utility

from .client import keys_expression
from .model import Held, Model, Shape

T = DataType
ROWS = 200              # rows of a collection at scale 1
BATCH_ROWS = 1000
# Milvus 2.3.5 counts an entity of key 2^63-1 but no query finds it, and -2^63 cannot be written in an expression.
ODD_INTEGER_KEYS = [0, -1, 2**63 - 2, -2**63 + 1]
ODD_STRING_KEYS = ['', ' ', 'a "quoted" key', "it's", 'back\\slash', 'line\nbreak', 'Grüße', '鍵', '🔑']


def single(value):
    """The nearest number that a 32-bit float holds."""
    return struct.unpack('<f', struct.pack('<f', value))[0]


def vector(name='vector', dim=8):
    return (name, T.FLOAT_VECTOR, {'dim': dim})


def text(name, length=128):
    return (name, T.VARCHAR, {'max_length': length})


def array(name, element, **params):
    return (name, T.ARRAY, {'element_type': element, 'max_capacity': 16, **params})


HNSW = {'index_type': 'HNSW', 'metric_type': 'COSINE', 'params': {'M': 8, 'efConstruction': 40}}
BINARY = {'index_type': 'BIN_FLAT', 'metric_type': 'HAMMING', 'params': {}}

TYPES = Shape(
    ('id', T.INT64, {}), ('flag', T.BOOL, {}), ('i8', T.INT8, {}), ('i16', T.INT16, {}), ('i32', T.INT32, {}), ('i64', T.INT64, {}),
    ('f', T.FLOAT, {}), ('d', T.DOUBLE, {}), text('s'), ('j', T.JSON, {}),
    array('a_bool', T.BOOL), array('a_i8', T.INT8), array('a_i16', T.INT16), array('a_i32', T.INT32), array('a_i64', T.INT64),
    array('a_f', T.FLOAT), array('a_d', T.DOUBLE), array('a_s', T.VARCHAR, max_length=64), vector(), shards=2, dynamic=True)
AUTO = Shape(('id', T.INT64, {}), text('s'), vector(dim=16), shards=4, auto=True, index=HNSW)
KEYS = Shape(('key', T.VARCHAR, {'max_length': 64}), ('n', T.INT32, {}), vector(dim=4), shards=2)
TENANTS = Shape(('id', T.INT64, {}), text('tenant'), ('n', T.INT32, {}), vector(dim=4), dynamic=True, partition_key='tenant')
BITS = Shape(('id', T.INT64, {}), text('s'), ('vector', T.BINARY_VECTOR, {'dim': 64}), index=BINARY, scalar_index=('s', 'Trie'), lite=False)
AUTO_KEYS = Shape(('key', T.VARCHAR, {'max_length': 64}), ('n', T.INT32, {}), vector(dim=4), auto=True, lite=False)
SMALL = Shape(('id', T.INT64, {}), ('n', T.INT32, {}), vector(dim=4))
OTHER = Shape(('id', T.INT64, {}), text('note'), ('d', T.DOUBLE, {}), vector('embedding', dim=6), shards=2)


class Workload:
    """Does things to a source and to the model of it, in step."""

    PHASES = ('create', 'insert', 'load', 'upsert', 'delete', 'partitions', 'recreate', 'rename', 'flush', 'drop', 'more')

    def __init__(self, server, seed, scale, prefix):
        self.server, self.seed, self.prefix = server, seed, prefix
        self.rows = ROWS * scale
        self.model = Model()
        self.random = random.Random('%s/values' % seed)
        self.operations = self.rows_written = 0
        self.next_key = 1
        self.shop, self.gone = prefix + '_shop', prefix + '_gone'

    # The source and the model, in step

    def create_database(self, name):
        db.create_database(name, using=self.server.using())
        self.model.databases[name] = {}
        self.operations += 1

    def drop_database(self, name):
        db.drop_database(name, using=self.server.using())
        del self.model.databases[name]
        self.server.forget(name)
        self.operations += 1

    def create(self, database, name, shape):
        partitions = {'num_partitions': 16} if shape.partition_key else {}
        Collection(name, shape.schema(), using=self.server.using(database), shards_num=shape.shards, **partitions)
        self.model.databases[database][name] = Held(shape)
        self.operations += 1

    def drop(self, database, name):
        utility.drop_collection(name, using=self.server.using(database))
        del self.model.databases[database][name]
        self.operations += 1

    def insert(self, database, name, rows, partition=None):
        held, collection = self.held(database, name), self.server.collection(database, name)
        for start in range(0, len(rows), BATCH_ROWS):
            batch = rows[start:start + BATCH_ROWS]
            keys = collection.insert(batch, partition_name=partition).primary_keys
            for key, row in zip(keys, batch):
                held.put(key, partition or '_default', held.shape.row(row))
            self.wrote(len(batch))

    def upsert(self, database, name, rows, partition=None):
        held, collection = self.held(database, name), self.server.collection(database, name)
        for start in range(0, len(rows), BATCH_ROWS):
            batch = rows[start:start + BATCH_ROWS]
            collection.upsert(batch, partition_name=partition)
            for row in batch:
                held.replace(row[held.shape.key], partition or '_default', held.shape.row(row))
            self.wrote(len(batch))

    def delete(self, database, name, keys):
        held = self.held(database, name)
        self.server.collection(database, name).delete(keys_expression(held.shape.key, keys))
        held.delete(keys)
        self.wrote(len(keys))

    def delete_where(self, database, name, expression, matches):
        """`matches` decides for a key and its canonical fields what `expression` decides on the server."""
        held = self.held(database, name)
        keys = [key for key, (_, fields, _) in held.rows.items() if matches(key, fields)]
        self.server.collection(database, name).delete(expression, consistency_level='Strong')
        held.delete(keys)
        self.wrote(len(keys))

    def index(self, database, name):
        held, collection = self.held(database, name), self.server.collection(database, name)
        collection.create_index(held.shape.vector, held.shape.index, sync=False)
        if held.shape.scalar_index:
            collection.create_index(held.shape.scalar_index[0], {'index_type': held.shape.scalar_index[1]}, sync=False)
        held.indexed = True
        self.operations += 1

    def load(self, *collections):
        """Loads several at once: the server takes a second or two for each, mostly waiting."""
        for database, name in collections:
            self.server.collection(database, name).load(_async=True)
        for database, name in collections:
            utility.wait_for_loading_complete(name, using=self.server.using(database))
            self.held(database, name).loaded = True
            self.operations += 1

    def create_partition(self, database, name, partition):
        self.server.collection(database, name).create_partition(partition)
        self.held(database, name).partitions.append(partition)
        self.operations += 1

    def drop_partition(self, database, name, partition):
        held, collection = self.held(database, name), self.server.collection(database, name)
        if held.loaded:
            collection.partition(partition).release()
        collection.drop_partition(partition)
        held.partitions.remove(partition)
        held.delete([key for key, (where, _, _) in held.rows.items() if where == partition])
        self.operations += 1

    def rename(self, database, old, new):
        utility.rename_collection(old, new, using=self.server.using(database))
        self.model.databases[database][new] = self.model.databases[database].pop(old)
        self.operations += 1

    def held(self, database, name):
        return self.model.databases[database][name]

    def wrote(self, rows):
        self.operations += 1
        self.rows_written += rows

    # Values

    def keys(self, count):
        self.next_key += count
        return list(range(self.next_key - count, self.next_key))

    def values(self, shape, key):
        """A row; its key is left out where the server chooses it."""
        row = {} if shape.auto else {shape.key: key}
        for name, kind, params in shape.fields[1:]:
            row[name] = self.value(name, kind, params)
        if shape.dynamic and self.random.random() < 0.7:
            row['extra'] = self.random.choice([1, 'two', True, {'three': [3, None]}, -2.5])
            row['größe %d' % self.random.randrange(3)] = self.random.randrange(1000)
        return row

    def value(self, name, kind, params):
        r = self.random
        if name == 'tenant':
            return 'tenant-%d' % r.randrange(40)
        if kind == T.BOOL:
            return r.random() < 0.5
        if kind in (T.INT8, T.INT16, T.INT32, T.INT64):
            bits = {T.INT8: 8, T.INT16: 16, T.INT32: 32, T.INT64: 64}[kind]
            return r.choice([r.randrange(-100, 100), r.randrange(-2**(bits - 1), 2**(bits - 1)), 2**(bits - 1) - 1, -2**(bits - 1)])
        if kind == T.FLOAT:
            return single(r.choice([r.gauss(0, 1), r.gauss(0, 1e30), 0.0, -0.0, 1e-45]))
        if kind == T.DOUBLE:
            return r.choice([r.gauss(0, 1), r.gauss(0, 1e300), 0.1, -0.0, 5e-324])
        if kind == T.VARCHAR:
            return r.choice(['', 'plain', 'Grüße, 世界 🙂', 'quote " and \\ and\nline', 'x' * r.randrange(params['max_length'] // 2)]) + str(r.randrange(10**6))
        if kind == T.JSON:
            return {'n': r.randrange(-10**15, 10**15), 'x': r.randrange(1000) / 8, 'deep': {'list': [1, 'zwei', None, True, {}], 'ключ': 'v'}, 'empty': []}
        if kind == T.ARRAY:
            return [self.value('', params['element_type'], {**params, 'max_length': 16}) for _ in range(r.randrange(0, 6))]
        if kind == T.FLOAT_VECTOR:
            return [single(r.uniform(-1, 1)) for _ in range(params['dim'])]
        return r.randbytes(params['dim'] // 8)      # BINARY_VECTOR

    def new_rows(self, database, name, count, odd=False):
        shape = self.held(database, name).shape
        keys = self.keys(count)
        if shape.fields[0][1] == T.VARCHAR:
            keys = ['key-%06d' % key for key in keys]
        if odd and not shape.auto:
            chosen = ODD_STRING_KEYS if shape.fields[0][1] == T.VARCHAR else ODD_INTEGER_KEYS
            keys[:len(chosen)] = chosen
        return [self.values(shape, key) for key in keys]

    def changed_rows(self, database, name, count, partition='_default'):
        """New values for rows of one partition: an upsert replaces a row only in the partition that it names."""
        held = self.held(database, name)
        keys = [key for key, (where, _, _) in held.rows.items() if where == partition]
        return [self.values(held.shape, key) for key in self.random.sample(keys, min(count, len(keys)))]

    def some_keys(self, database, name, count):
        rows = self.held(database, name).rows
        return self.random.sample(list(rows), min(count, len(rows)))

    # Phases

    def collections(self):
        p = self.prefix
        return {
            ('default', p + '_types'): TYPES, ('default', p + '_auto'): AUTO, ('default', p + '_bits'): BITS,
            ('default', p + '_again'): SMALL, ('default', p + '_old'): SMALL,
            (self.shop, p + '_keys'): KEYS, (self.shop, p + '_tenants'): TENANTS, (self.shop, p + '_auto_keys'): AUTO_KEYS,
            (self.gone, p + '_lost'): SMALL,
        }

    def create_phase(self):
        self.create_database(self.shop)
        self.create_database(self.gone)
        for (database, name), shape in self.collections().items():
            self.create(database, name, shape)

    def insert_phase(self):
        for database, name in self.collections():
            self.insert(database, name, self.new_rows(database, name, self.rows, odd=True))

    def load_phase(self):
        for database, name in self.collections():
            self.index(database, name)
        self.load(*self.collections())

    def upsert_phase(self):
        p = self.prefix
        for database, name in (('default', p + '_types'), ('default', p + '_bits'), (self.shop, p + '_keys')):
            self.upsert(database, name, self.changed_rows(database, name, self.rows // 3))
            self.upsert(database, name, self.new_rows(database, name, self.rows // 10))

    def delete_phase(self):
        p = self.prefix
        for database, name in self.collections():
            self.delete(database, name, self.some_keys(database, name, self.rows // 10))
        self.delete_where('default', p + '_types', 'i8 >= 50', lambda key, row: row['i8'] >= 50)
        self.delete_where(self.shop, p + '_tenants', 'tenant in ["tenant-3", "tenant-5"]',
                          lambda key, row: row['tenant'] in ('tenant-3', 'tenant-5'))
        self.delete_where(self.shop, p + '_keys', 'n < 0 and key like "key-%"',
                          lambda key, row: row['n'] < 0 and key.startswith('key-'))

    def partitions_phase(self):
        database, name = self.shop, self.prefix + '_keys'
        for partition in ('red', 'green', 'blue'):
            self.create_partition(database, name, partition)
            self.insert(database, name, self.new_rows(database, name, self.rows // 4), partition)
        self.upsert(database, name, self.changed_rows(database, name, self.rows // 8, 'blue'), 'blue')
        self.drop_partition(database, name, 'green')

    def recreate_phase(self):
        """The same name, another definition; then once more, empty."""
        database, name = 'default', self.prefix + '_again'
        self.drop(database, name)
        self.create(database, name, OTHER)
        self.insert(database, name, self.new_rows(database, name, self.rows // 2))
        self.drop(database, name)
        self.create(database, name, OTHER)
        self.insert(database, name, self.new_rows(database, name, self.rows // 4))
        self.index(database, name)
        self.load((database, name))

    def rename_phase(self):
        p = self.prefix
        using = self.server.using()
        utility.create_alias(p + '_types', p + '_current', using=using)
        utility.alter_alias(p + '_auto', p + '_current', using=using)
        utility.create_alias(p + '_types', p + '_brief', using=using)
        utility.drop_alias(p + '_brief', using=using)
        self.model.aliases['default', p + '_current'] = p + '_auto'
        self.operations += 4
        self.rename('default', p + '_old', p + '_new')
        self.insert('default', p + '_new', self.new_rows('default', p + '_new', self.rows // 4))

    def flush_phase(self):
        self.server.collection('default', self.prefix + '_types').flush()
        self.operations += 1

    def drop_phase(self):
        self.drop(self.gone, self.prefix + '_lost')
        self.drop_database(self.gone)

    def more_phase(self):
        for database, collections in self.model.databases.items():
            for name in collections:
                self.insert(database, name, self.new_rows(database, name, self.rows // 5))

    def churn(self, until):
        """Small inserts, upserts and deletes here and there, until a moment of time.monotonic()."""
        while time.monotonic() < until:
            database = self.random.choice(list(self.model.databases))
            name = self.random.choice(list(self.model.databases[database]))
            shape, count = self.held(database, name).shape, self.random.randrange(1, 50)
            kind = self.random.choice(['insert', 'insert', 'upsert', 'delete'])
            if kind == 'delete':
                self.delete(database, name, self.some_keys(database, name, count // 2 + 1))
            elif kind == 'upsert' and not shape.auto and not shape.partition_key:
                self.upsert(database, name, self.changed_rows(database, name, count))
            else:
                self.insert(database, name, self.new_rows(database, name, count))
