"""The workload: what is done to the source, phase by phase, from a seed."""
import random
import struct
import time

from pymilvus import DataType

from .actions import Actions
from .model import Model
from .shapes import (AUTO, AUTO_KEYS, AUTO_TENANTS, BITS, EDGE_KEYS, IVF, KEYS, MANY, ODD_INTEGER_KEYS, ODD_STRING_KEYS, OTHER, SMALL, TENANTS,
                     TYPES, WIDE)

T = DataType
ROWS = 200              # rows of a collection at scale 1


def single(value):
    """The nearest number that a 32-bit float holds."""
    return struct.unpack('<f', struct.pack('<f', value))[0]


class Workload(Actions):
    """The phases, and what is drawn for them."""

    PHASES = ('create', 'insert', 'load', 'access', 'upsert', 'delete', 'partitions', 'recreate', 'rename', 'properties', 'indexes', 'flush', 'drop',
              'more')
    PASSWORD = 'Workload-1'         # of every user; those whose password changes have the second one then
    NEW_PASSWORD = 'Workload-2'

    def __init__(self, server, seed, scale, prefix):
        super().__init__(server, Model())
        self.seed, self.prefix = seed, prefix
        self.rows = ROWS * scale
        self.random = random.Random('%s/values' % seed)
        self.next_key, self.churned = 1, 0
        self.shop, self.gone, self.back = prefix + '_shop', prefix + '_gone', prefix + '_back'

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
        if name == 'wide':
            return r.randbytes(r.randrange(20_000, 30_000)).hex()
        if kind == T.VARCHAR:
            return r.choice(['', 'plain', 'Grüße, 世界 🙂', 'quote " and \\ and\nline', 'nul\0nul', 'x' * r.randrange(params['max_length'] // 2)]) + str(r.randrange(10**6))
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
            ('default', p + '_again'): SMALL, ('default', p + '_old'): SMALL, ('default', p + '_edges'): SMALL,
            ('default', p + '_many'): MANY, ('default', p + '_wide'): WIDE, ('default', p + '_parts'): SMALL, ('default', p + '_idle'): SMALL,
            (self.shop, p + '_keys'): KEYS, (self.shop, p + '_tenants'): TENANTS, (self.shop, p + '_auto_keys'): AUTO_KEYS,
            (self.shop, p + '_auto_tenants'): AUTO_TENANTS,
            (self.gone, p + '_lost'): SMALL, (self.back, p + '_once'): SMALL,
        }

    def create_phase(self):
        for database in (self.shop, self.gone, self.back):
            self.create_database(database)
        for (database, name), shape in self.collections().items():
            self.create(database, name, shape)

    def insert_phase(self):
        p = self.prefix
        for (database, name), shape in self.collections().items():
            if name == p + '_edges':
                self.insert(database, name, [self.values(shape, key) for key in EDGE_KEYS])
            elif name == p + '_many':       # one request
                self.insert(database, name, self.new_rows(database, name, self.rows * 30), batch_rows=self.rows * 30)
            elif name == p + '_wide':       # one request of 7 MB, for which the log has several messages
                self.insert(database, name, self.new_rows(database, name, self.rows * 3 // 4))
            else:
                self.insert(database, name, self.new_rows(database, name, self.rows, odd=True))

    def load_phase(self):
        idle = ('default', self.prefix + '_idle')
        for database, name in self.collections():
            self.index(database, name)
        self.load(*(collection for collection in self.collections() if collection != idle))

    def access_phase(self):
        """Users, roles, bindings, and rights on collections, databases, everything and users."""
        p = self.prefix
        ann, ben, cyd, dee = (p + name for name in ('_ann', '_ben', '_cyd', '_dee'))
        reader, writer, keeper = (p + name for name in ('_reader', '_writer', '_keeper'))
        for user in (ann, ben, cyd, dee):
            self.create_user(user, self.PASSWORD)
        for role in (reader, writer, keeper):
            self.create_role(role)
        for user, role in ((ann, reader), (ann, writer), (ben, reader), (cyd, keeper), (dee, keeper)):
            self.bind(user, role)
        for database, name, privilege in (('default', '*', 'Search'), ('default', p + '_types', 'Query'), (self.shop, p + '_keys', 'Query'),
                                          (self.shop, '*', 'GetStatistics'), ('*', '*', 'Load')):
            self.grant(reader, 'Collection', name, database, privilege)
        for privilege in ('Insert', 'Delete', 'Upsert'):
            self.grant(writer, 'Collection', p + '_types', 'default', privilege)
        for kind, privilege in (('Global', 'CreateCollection'), ('Global', 'CreateDatabase'), ('Global', 'All'), ('User', 'UpdateUser'), ('User', 'SelectUser')):
            self.grant(keeper, kind, '*', 'default', privilege)
        self.grant('public', 'Collection', p + '_types', 'default', 'Query')
        # And back again.
        self.revoke(writer, 'Collection', p + '_types', 'default', 'Upsert')
        self.revoke(keeper, 'Global', '*', 'default', 'All')
        self.unbind(ann, writer)
        self.change_password(dee, self.PASSWORD, self.NEW_PASSWORD)
        self.drop_user(cyd)
        # The same names, other contents.
        self.drop_role(writer)
        self.create_role(writer)
        self.grant(writer, 'Collection', '*', self.shop, 'Insert')
        self.drop_user(ben)
        self.create_user(ben, self.PASSWORD)
        self.bind(ben, writer)

    def upsert_phase(self):
        p = self.prefix
        for database, name in (('default', p + '_types'), ('default', p + '_bits'), (self.shop, p + '_keys')):
            self.upsert(database, name, self.changed_rows(database, name, self.rows // 3))
            self.upsert(database, name, self.new_rows(database, name, self.rows // 10))
        edges = [key for key in EDGE_KEYS if key not in (-2**63 + 1, 2**63 - 2)]
        self.upsert('default', p + '_edges', [self.values(SMALL, key) for key in edges])

    def delete_phase(self):
        p = self.prefix
        for (database, name), shape in self.collections().items():
            if not shape.heavy and name != p + '_edges':
                self.delete(database, name, self.some_keys(database, name, self.rows // 10))
        self.delete('default', p + '_many', self.some_keys('default', p + '_many', self.rows * 20))
        # What is left is of all the messages, and soon compared.
        wide = list(self.held('default', p + '_wide').rows)
        self.delete('default', p + '_wide', [key for key in wide if key % 20])
        self.delete_where('default', p + '_types', 'i8 >= 50', lambda key, row: row['i8'] >= 50)
        self.delete_where(self.shop, p + '_tenants', 'tenant in ["tenant-3", "tenant-5"]',
                          lambda key, row: row['tenant'] in ('tenant-3', 'tenant-5'))
        self.delete_where(self.shop, p + '_keys', 'n < 0 and key like "key-%"',
                          lambda key, row: row['n'] < 0 and key.startswith('key-'))
        # The outermost keys go, and come back once and twice.
        edges = ('default', p + '_edges')
        self.delete_where(*edges, 'id < %d' % (-2**63 + 1), lambda key, row: key == -2**63)
        self.delete(*edges, [2**63 - 1, 1])
        self.insert(*edges, [self.values(SMALL, key) for key in (-2**63, 2**63 - 1)])
        self.insert(*edges, [self.values(SMALL, 2**63 - 1)])

    def partitions_phase(self):
        database, name = self.shop, self.prefix + '_keys'
        for partition in ('red', 'green', 'blue'):
            self.create_partition(database, name, partition)
            self.insert(database, name, self.new_rows(database, name, self.rows // 4), partition)
        self.upsert(database, name, self.changed_rows(database, name, self.rows // 8, 'blue'), 'blue')
        self.drop_partition(database, name, 'green')
        # The same name again, with other rows.
        self.create_partition(database, name, 'green')
        self.insert(database, name, self.new_rows(database, name, self.rows // 8), 'green')
        # Loaded in part: by releasing partitions of what is loaded, and by loading some of what is not.
        parts = ('default', self.prefix + '_parts')
        for partition in ('north', 'south', 'west'):
            self.create_partition(*parts, partition)
            self.insert(*parts, self.new_rows(*parts, self.rows // 8), partition)
        self.release(*parts)
        self.load_partitions(*parts, ['north', 'south'])
        self.load_partitions(*parts, ['west'])
        self.release_partition(*parts, 'south')

    def recreate_phase(self):
        """The same name, another definition; then once more, empty; and a database."""
        database, name = 'default', self.prefix + '_again'
        self.drop(database, name)
        self.create(database, name, OTHER)
        self.insert(database, name, self.new_rows(database, name, self.rows // 2))
        self.drop(database, name)
        self.create(database, name, OTHER)
        self.insert(database, name, self.new_rows(database, name, self.rows // 4))
        self.index(database, name)
        once = (self.back, self.prefix + '_once')
        self.drop(*once)
        self.drop_database(self.back)
        self.create_database(self.back)
        self.create(*once, KEYS)
        self.insert(*once, self.new_rows(*once, self.rows // 4))
        self.index(*once)
        self.load((database, name), once)

    def rename_phase(self):
        p = self.prefix
        self.create_alias('default', p + '_current', p + '_types')
        self.alter_alias('default', p + '_current', p + '_auto')
        self.create_alias('default', p + '_brief', p + '_types')
        self.drop_alias('default', p + '_brief')
        self.create_alias(self.shop, p + '_current', p + '_keys')
        # An alias outlives its collection at the source, and then serves another.
        self.create('default', p + '_short', SMALL)
        self.create_alias('default', p + '_left', p + '_short')
        self.drop('default', p + '_short')
        self.alter_alias('default', p + '_left', p + '_auto')
        self.create_alias('default', p + '_moved', p + '_old')
        self.rename('default', p + '_old', p + '_new')
        self.insert('default', p + '_new', self.new_rows('default', p + '_new', self.rows // 4))
        # The old name for something else, then the names change places.
        self.create('default', p + '_old', OTHER)
        self.insert('default', p + '_old', self.new_rows('default', p + '_old', self.rows // 4))
        self.rename('default', p + '_new', p + '_aside')
        self.rename('default', p + '_old', p + '_new')
        self.rename('default', p + '_aside', p + '_old')
        self.index('default', p + '_new')
        self.load(('default', p + '_new'))

    def properties_phase(self):
        p = self.prefix
        self.set_properties('default', p + '_auto', **{'collection.ttl.seconds': 7 * 24 * 3600})
        self.set_properties('default', p + '_auto', **{'collection.ttl.seconds': 14 * 24 * 3600, 'collection.autocompaction.enabled': 'false'})
        self.set_properties('default', p + '_idle', **{'mmap.enabled': 'true', 'collection.insertRate.max.mb': 100})
        self.create('default', p + '_timed', SMALL, **{'collection.ttl.seconds': 24 * 3600})
        self.insert('default', p + '_timed', self.new_rows('default', p + '_timed', self.rows // 4))
        self.index('default', p + '_timed')
        self.load(('default', p + '_timed'))

    def indexes_phase(self):
        """Indexes of a collection that is not loaded: of numbers, under chosen names, made anew with other parameters."""
        idle = ('default', self.prefix + '_idle')
        self.create_index(*idle, 'n', {'index_type': 'STL_SORT'}, 'numbers')
        self.drop_index(*idle, 'numbers')
        self.create_index(*idle, 'n', {'index_type': 'STL_SORT'}, 'numbers_again')
        self.drop_index(*idle, 'vector')
        self.create_index(*idle, 'vector', IVF, 'chosen')
        self.load(idle)
        self.release(*idle)

    def flush_phase(self):
        self.server.collection('default', self.prefix + '_types').flush()
        self.operations += 1

    def drop_phase(self):
        self.drop(self.gone, self.prefix + '_lost')
        self.drop_database(self.gone)

    def more_phase(self):
        for database, name, held in self.light():
            self.insert(database, name, self.new_rows(database, name, self.rows // 5))

    def light(self):
        """The collections that are written to again and again."""
        return [(database, name, held) for database, collections in self.model.databases.items() for name, held in collections.items()
                if not held.shape.heavy]

    def churn(self, until):
        """Small changes here and there, until a moment of time.monotonic()."""
        while time.monotonic() < until:
            if self.random.random() < 0.12:
                self.change_definitions()
                continue
            database, name, held = self.random.choice(self.light())
            shape, count = held.shape, self.random.randrange(1, 50)
            kind = self.random.choice(['insert', 'insert', 'upsert', 'delete'])
            if kind == 'delete':
                keys = [key for key in self.some_keys(database, name, count // 2 + 1) if key != -2**63]
                if keys:
                    self.delete(database, name, keys)
            elif kind == 'upsert' and not shape.auto and not shape.partition_key:
                self.upsert(database, name, self.changed_rows(database, name, count))
            else:
                self.insert(database, name, self.new_rows(database, name, count))

    def change_definitions(self):
        """One change of something that is not a row; every kind comes, in turn."""
        p, turn = self.prefix, self.churned
        self.churned += 1
        database, name = self.shop, p + '_keys'
        if turn % 6 == 0:
            partition = 'churn'
            if partition in self.held(database, name).partitions:
                self.drop_partition(database, name, partition)
            self.create_partition(database, name, partition)
            self.insert(database, name, self.new_rows(database, name, 10), partition)
        elif turn % 6 == 1:
            target = self.random.choice([p + '_types', p + '_auto', p + '_bits'])
            if ('default', p + '_churn') not in self.model.aliases:
                self.create_alias('default', p + '_churn', target)
            elif self.random.random() < 0.5:
                self.alter_alias('default', p + '_churn', target)
            else:
                self.drop_alias('default', p + '_churn')
        elif turn % 6 == 2:
            right = ('Collection', p + '_auto', 'default', self.random.choice(['Insert', 'Delete', 'Flush']))
            change = self.revoke if right in self.model.roles[p + '_reader'] else self.grant
            change(p + '_reader', *right)
        elif turn % 6 == 3:
            if p + '_eve' in self.model.users:
                self.drop_user(p + '_eve')
            else:
                self.create_user(p + '_eve', self.PASSWORD)
                self.bind(p + '_eve', p + '_writer')
        elif turn % 6 == 4:
            for old, new in ((p + '_new', p + '_aside'), (p + '_old', p + '_new'), (p + '_aside', p + '_old')):
                self.rename('default', old, new)
        else:
            shape = self.random.choice([SMALL, OTHER])
            self.drop('default', p + '_again')
            self.create('default', p + '_again', shape)
            self.index('default', p + '_again')
            self.insert('default', p + '_again', self.new_rows('default', p + '_again', 20))
            self.load(('default', p + '_again'))
