"""Whether a server holds what a mark says, row by row."""
import contextlib
import fnmatch
import time

from pymilvus import DataType, utility
from pymilvus.client.types import LoadState

from .client import DYNAMIC, keys_expression
from .model import described
from .values import canonical, canonical_json, differing_fields, digest, fingerprint, key_order

READ_ROWS = 1000            # rows of one query by key
DIFFERENCES_SHOWN = 10      # of one collection; the others are counted


class Names:
    """Which collections of a mark are looked for, and under which name."""

    def __init__(self, include=(), exclude=(), rename=()):
        self.include = [self.pattern(text) for text in include]
        self.exclude = [self.pattern(text) for text in exclude]
        self.renames = [tuple(self.pattern(side) for side in text.split('=', 1)) for text in rename]

    @staticmethod
    def pattern(text):
        database, dot, name = text.partition('.')
        return (database, name) if dot else ('default', text)

    @property
    def are_chosen(self):
        """Whether not everything is looked for under its own name."""
        return bool(self.include or self.exclude or self.renames)

    def takes(self, database, name):
        def named(patterns):
            return any(fnmatch.fnmatchcase(database, d) and fnmatch.fnmatchcase(name, n) for d, n in patterns)
        return (not self.include or named(self.include)) and not named(self.exclude)

    def target(self, database, name):
        for (old_database, old_name), (new_database, new_name) in self.renames:
            if fnmatch.fnmatchcase(database, old_database) and fnmatch.fnmatchcase(name, old_name):
                return (database if new_database == '*' else new_database, name if new_name == '*' else new_name)
        return database, name


class Check:
    """Counts what holds and prints what does not."""

    def __init__(self, server, names, lite=False, definitions=True, say=print):
        self.server, self.names, self.lite, self.definitions, self.say = server, names, lite, definitions, say
        self.now = server.now()
        self.passed = self.failed = 0

    def that(self, what, found, expected):
        if found == expected:
            self.passed += 1
        else:
            self.failed += 1
            self.say('%s: expected %s, found %s' % (what, expected, found))
        return found == expected

    def mark(self, mark):
        existing = {database: set(self.server.collections(database)) for database in self.server.databases()}
        wanted, expected = [], set()
        for database, collections in mark['databases'].items():
            for name, state in collections.items():
                if self.names.takes(database, name) and (state['lite'] or not self.lite):
                    wanted.append((self.names.target(database, name), state))
                    expected.add(self.names.target(database, name))
        for (database, name), state in wanted:
            if self.that('%s.%s' % (database, name), 'there' if name in existing.get(database, ()) else 'missing', 'there'):
                self.collection(database, name, state)
        # What the mark no longer has must be gone.
        prefix = mark['prefix'] + '_'
        for database, names in existing.items():
            for name in names:
                if name.startswith(prefix) and self.names.takes(database, name) and not self.names.renames:
                    if (database, name) not in expected:
                        self.that('%s.%s' % (database, name), 'there', 'gone')
            if database.startswith(prefix) and not self.names.include and not self.names.renames:
                self.that('database %s' % database, 'there', 'there' if database in mark['databases'] else 'gone')
        if self.definitions:
            self.aliases(mark)
        if self.definitions and not self.names.are_chosen:
            self.access(mark)

    def aliases(self, mark):
        expected = {(database, alias) for database, alias, _ in mark['aliases']}
        for database in mark['databases']:
            for alias in self.server.aliases(database):
                if alias.startswith(mark['prefix'] + '_') and (database, alias) not in expected and not self.names.are_chosen:
                    self.that('alias %s.%s' % (database, alias), 'there', 'gone')
        for database, alias, name in mark['aliases']:
            if self.names.takes(database, name) and not self.names.renames:
                found = utility.list_aliases(name, using=self.server.using(database)) if self.server.has(database, name) else []
                self.that('alias %s.%s' % (database, alias), name if alias in found else None, name)

    def access(self, mark):
        """Users with their roles, and roles with their grants; of the server's own roles only what the mark gives them."""
        prefix = mark['prefix'] + '_'
        found = {name: roles for name, roles in self.server.users().items() if name.startswith(prefix)}
        self.that('users', found, mark['users'])
        found = [name for name in self.server.roles() if name.startswith(prefix)]
        self.that('roles', found, [name for name in mark['roles'] if name.startswith(prefix)])
        for role, expected in mark['roles'].items():
            grants = self.server.grants(role)
            if not role.startswith(prefix):
                grants = [grant for grant in grants if grant[1].startswith(prefix)]
            self.that('grants of %s' % role, grants, expected)

    def collection(self, database, name, state):
        label = '%s.%s' % (database, name)
        collection = self.server.collection(database, name)
        fields = described(collection.schema)
        expected = state['fields']
        if self.lite:       # it does not keep how long a string in an array may be
            for _, kind, _, _, params in fields + expected:
                if kind == 'ARRAY':
                    params.pop('max_length', None)
        self.that(label + ' fields', fields, expected)
        self.that(label + ' dynamic field', collection.schema.enable_dynamic_field, state['dynamic'])
        if not self.lite:
            self.that(label + ' shards', collection.num_shards, state['shards'])
        if self.definitions:
            found = {index.index_name: [index.field_name, *map(index.params.get, ('index_type', 'metric_type')), index.params.get('params', {})]
                     for index in collection.indexes}
            self.that(label + ' indexes', found, state['indexes'])
            self.that(label + ' properties', collection.describe().get('properties', {}), state['properties'])
            loaded = self.loaded_partitions(database, name, collection)
            if state['loaded'] or not self.lite:        # to milvus-lite, what has no index is loaded
                self.that(label + ' loaded', loaded, state['loaded'])
        with self.loaded(label, database, collection):
            once = 'key_' if self.lite else ''
            self.that(label + ' entities', count(collection, self.now), state[once + 'count'])
            if 'partitions' in state:
                counted = held if self.lite else count      # milvus-lite counts all partitions, whichever is asked for
                found = {p.name: counted(collection, self.now, p.name) for p in collection.partitions}
                self.that(label + ' partitions', found, state[once + 'partitions'])
            self.rows(label, collection, state)

    def settled(self, database, name):
        """Whether it is loaded; a load under way is waited for."""
        for _ in range(100):
            state = utility.load_state(name, using=self.server.using(database))
            if state != LoadState.Loading:
                break
            time.sleep(0.1)
        return state

    def loaded_partitions(self, database, name, collection):
        """True, False, or the names of those that are loaded if not all are."""
        if self.settled(database, name) != LoadState.Loaded:
            return False
        if self.lite:
            return True
        using = self.server.using(database)
        names = sorted(partition.name for partition in collection.partitions)
        loaded = [one for one in names if utility.load_state(name, [one], using=using) == LoadState.Loaded]
        return True if loaded == names else loaded

    @contextlib.contextmanager
    def loaded(self, label, database, collection):
        """Loads the collection for as long as it is read, with an index of its own if it has none."""
        before = self.loaded_partitions(database, collection.name, collection)
        if before is True:
            yield
            return
        if before:
            rest = [partition for partition in collection.partitions if partition.name not in before]
            self.say('note: %s is loaded in part; the rest is loaded to be read, and released again' % label)
            collection.load([partition.name for partition in rest])
            try:
                yield
            finally:
                for partition in rest:
                    partition.release()
            return
        vectors = [f for f in collection.schema.fields if f.dtype in (DataType.FLOAT_VECTOR, DataType.BINARY_VECTOR)]
        indexed = {index.field_name for index in collection.indexes}
        made = [f for f in vectors if f.name not in indexed]
        for field in made:
            binary = field.dtype == DataType.BINARY_VECTOR
            collection.create_index(field.name, {'index_type': 'BIN_FLAT' if binary else 'FLAT', 'metric_type': 'HAMMING' if binary else 'L2', 'params': {}})
        self.say('note: %s is not loaded; loaded to be read%s, and released again' % (label, ', with a throwaway index' if made else ''))
        collection.load()
        try:
            yield
        finally:
            collection.release()
            for field in made:
                collection.drop_index(index_name=next(i.index_name for i in collection.indexes if i.field_name == field.name))

    def rows(self, label, collection, state):
        found = read_rows(collection, state['key'], self.now)
        if digest(found) == state['digest']:
            self.passed += 1
            return
        self.failed += 1
        expected = dict((key, marks) for key, marks in state['rows'])
        lines = []
        for key in sorted(set(expected) | set(found), key=key_order):
            if key not in found:
                lines.append('missing')
            elif key not in expected:
                lines.append('not expected')
            elif fingerprint(found[key]) != expected[key]:
                fields = differing_fields(found[key], expected[key])
                lines.append('differs in ' + ', '.join('%s (found %.60r)' % (field, found[key][field]) for field in fields))
            else:
                continue
            if len(lines) <= DIFFERENCES_SHOWN:
                self.say('%s %s=%r: %s' % (label, state['key'], key, lines[-1]))
        if len(lines) > DIFFERENCES_SHOWN:
            self.say('%s: %d rows differ, %d of them shown' % (label, len(lines), DIFFERENCES_SHOWN))


def count(collection, now, partition=None):
    """Entities, not keys: several of one key count as several."""
    answer = collection.query('', output_fields=['count(*)'], partition_names=[partition] if partition else None, **now)
    return int(answer[0]['count(*)'])


def held(collection, now, partition):
    """How many rows a partition holds, by reading their keys; at most 16,384."""
    rows = collection.query('', partition_names=[partition], output_fields=[collection.primary_field.name], limit=16384, **now)
    return len(rows)


def read_rows(collection, key, now):
    """Every row by its key, in canonical form without the key."""
    schema = collection.schema
    # -2^63 can be written neither as a bound nor in a list; 2^63-1 is never returned.
    everything = '%s < %d' % (key, 2**63 - 1) if schema.primary_field.dtype == DataType.INT64 else '%s >= ""' % key
    keys = sorted({row[key] for row in collection.query(everything, output_fields=[key], **now)}, key=key_order)
    kinds = {f.name: (f.dtype, getattr(f, 'element_type', None) if f.dtype == DataType.ARRAY else None)
             for f in schema.fields if f.name not in (key, DYNAMIC)}
    found = {}
    for start in range(0, len(keys), READ_ROWS):
        chosen = keys[start:start + READ_ROWS]
        answer = []
        if chosen[0] == -2**63:
            answer += collection.query('%s < %d' % (key, -2**63 + 1), output_fields=['*'], **now)
            del chosen[0]
        answer += collection.query(keys_expression(key, chosen), output_fields=['*'], **now) if chosen else []
        for row in answer:
            fields = {name: canonical(row[name], *kind) for name, kind in kinds.items()}
            if schema.enable_dynamic_field:
                fields[DYNAMIC] = {name: canonical_json(value) for name, value in row.items() if name not in kinds and name != key}
            found[row[key]] = fields
    return found
