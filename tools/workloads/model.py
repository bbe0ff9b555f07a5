"""What the source must hold, computed beside it, and the marks that record it."""
import datetime
import json

from pymilvus import CollectionSchema, DataType, FieldSchema

from .client import DYNAMIC
from .values import canonical, canonical_json, digest, fingerprint, key_order

LOGICAL_BITS = 18


class Shape:
    """A collection's definition."""

    def __init__(self, *fields, shards=1, dynamic=False, auto=False, partition_key=None, index=None, scalar_index=None, lite=True, heavy=False):
        self.fields, self.shards, self.dynamic, self.auto = fields, shards, dynamic, auto
        self.partition_key, self.scalar_index = partition_key, scalar_index
        self.index = index or {'index_type': 'FLAT', 'metric_type': 'L2', 'params': {}}
        self.lite = lite        # whether milvus-lite can hold it
        self.heavy = heavy      # whether it is written to once only, and much

    @property
    def key(self):
        return self.fields[0][0]

    @property
    def vector(self):
        return next(f[0] for f in self.fields if f[1] in (DataType.FLOAT_VECTOR, DataType.BINARY_VECTOR))

    def schema(self):
        fields = [
            FieldSchema(name, kind, is_primary=i == 0, auto_id=i == 0 and self.auto, is_partition_key=name == self.partition_key, **params)
            for i, (name, kind, params) in enumerate(self.fields)
        ]
        return CollectionSchema(fields, enable_dynamic_field=self.dynamic)

    def description(self):
        """The definition as a mark holds it and as `described` reads it from a server."""
        return sorted(
            [name, DataType(kind).name, i == 0, name == self.partition_key,
             {k: (DataType(v).name if k == 'element_type' else v) for k, v in params.items()}]
            for i, (name, kind, params) in enumerate(self.fields))

    def row(self, values):
        """A row's canonical fields, without its key; what no field is named after is in the dynamic field."""
        named = {name: canonical(values[name], kind, params.get('element_type')) for name, kind, params in self.fields[1:]}
        if self.dynamic:
            known = {name for name, _, _ in self.fields}
            named[DYNAMIC] = {name: canonical_json(value) for name, value in values.items() if name not in known}
        return named


def described(schema):
    """A server's schema in the form of `Shape.description`."""
    found = []
    for field in schema.fields:
        params = {k: int(v) for k, v in field.params.items() if k in ('dim', 'max_length', 'max_capacity')}
        if field.dtype == DataType.ARRAY:
            params['element_type'] = DataType(field.element_type).name
        found.append([field.name, DataType(field.dtype).name, bool(field.is_primary), bool(field.is_partition_key), params])
    return sorted(found)


class Held:
    """What one collection must hold: for each key its partition, its fields, and how many entities there are."""

    def __init__(self, shape):
        self.shape, self.rows = shape, {}
        self.partitions = ['_default']
        self.indexes = {}           # name -> [field, type, metric, parameters]
        self.properties = {}
        self.loaded = False         # or True, or the names of the loaded partitions
        self.rows_digest = None     # of the rows as they are, once it was asked for

    def put(self, key, partition, fields):
        before = self.rows.get(key)
        self.rows[key] = (partition, fields, 1 + (before[2] if before else 0))
        self.rows_digest = None

    def replace(self, key, partition, fields):
        self.rows[key] = (partition, fields, 1)
        self.rows_digest = None

    def delete(self, keys):
        for key in keys:
            self.rows.pop(key, None)
        self.rows_digest = None

    def mark(self, known):
        """`known` holds the digests whose rows an earlier mark already spelled out."""
        # No query of Milvus 2.3.5 returns the key 2^63-1, though it counts it.
        rows = {key: fields for key, (_, fields, _) in self.rows.items() if key != 2**63 - 1}
        self.rows_digest = self.rows_digest or digest(rows)
        state = {
            'key': self.shape.key,
            'fields': self.shape.description(),
            'dynamic': self.shape.dynamic,
            'shards': self.shape.shards,
            'partition_key': self.shape.partition_key,
            'indexes': self.indexes,
            'properties': self.properties,
            'loaded': self.loaded,
            'lite': self.shape.lite,
            'count': sum(copies for _, _, copies in self.rows.values()),
            'digest': self.rows_digest,
        }
        # Several entities of one key, milvus-lite holds as one.
        state['key_count'] = len(self.rows)
        if not self.shape.partition_key:
            state['partitions'] = {name: 0 for name in self.partitions}
            state['key_partitions'] = dict(state['partitions'])
            for partition, _, copies in self.rows.values():
                state['partitions'][partition] += copies
                state['key_partitions'][partition] += 1
        if state['digest'] not in known:
            known.add(state['digest'])
            state['rows'] = [[key, fingerprint(rows[key])] for key in sorted(rows, key=key_order)]
        return state


class Model:
    """Everything that the workload made: databases, collections, aliases, users, roles."""

    def __init__(self):
        self.databases = {'default': {}}
        self.aliases = {}       # (database, alias) -> collection
        self.users = {}         # name -> the roles it has
        self.roles = {}         # name -> grants: (object, its name, database, privilege)
        self.known = set()

    def mark(self, phase, timestamp, **more):
        moment = (timestamp >> LOGICAL_BITS) + 1        # after everything that the timestamp covers
        time = datetime.datetime.fromtimestamp(moment / 1000, datetime.timezone.utc)
        return {
            'phase': phase,
            'tso': timestamp,
            'time': time.strftime('%Y-%m-%dT%H:%M:%S.') + '%03dZ' % (moment % 1000),
            **more,
            'aliases': sorted([database, alias, name] for (database, alias), name in self.aliases.items()),
            'users': {name: sorted(roles) for name, roles in sorted(self.users.items())},
            'roles': {name: sorted(map(list, grants)) for name, grants in sorted(self.roles.items())},
            'databases': {
                database: {name: held.mark(self.known) for name, held in collections.items()}
                for database, collections in self.databases.items()
            },
        }


def read_marks(path):
    """The marks of a file in order, each collection with its rows."""
    marks, rows = [], {}
    with open(path) as file:
        for line in file:
            mark = json.loads(line)
            for collections in mark['databases'].values():
                for state in collections.values():
                    rows.setdefault(state['digest'], state.get('rows'))
                    state['rows'] = rows[state['digest']]
            marks.append(mark)
    return marks
