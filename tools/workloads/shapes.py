"""The definitions of the workload's collections."""
from pymilvus import DataType as T

from .model import Shape

# Milvus 2.3.5 counts an entity of key 2^63-1 but no query finds it, and -2^63 cannot be written in an expression: both have a
# collection to themselves.
ODD_INTEGER_KEYS = [0, -1, 2**63 - 2, -2**63 + 1]
EDGE_KEYS = [-2**63, -2**63 + 1, -1, 0, 1, 2**63 - 2, 2**63 - 1]
ODD_STRING_KEYS = ['', ' ', 'a "quoted" key', "it's", 'back\\slash', 'line\nbreak', 'Grüße', '鍵', '🔑', '%', '\\n', '\t', '\r', '\x01', '\x7f',
                   'nul\0nul', '\u2028', '\ufeff', 'e\u0301', 'é', 'x' * 64]


def vector(name='vector', dim=8):
    return (name, T.FLOAT_VECTOR, {'dim': dim})


def text(name, length=128):
    return (name, T.VARCHAR, {'max_length': length})


def array(name, element, **params):
    return (name, T.ARRAY, {'element_type': element, 'max_capacity': 16, **params})


HNSW = {'index_type': 'HNSW', 'metric_type': 'COSINE', 'params': {'M': 8, 'efConstruction': 40}}
IVF = {'index_type': 'IVF_FLAT', 'metric_type': 'IP', 'params': {'nlist': 8}}
BINARY = {'index_type': 'BIN_FLAT', 'metric_type': 'HAMMING', 'params': {}}

TYPES = Shape(
    ('id', T.INT64, {}), ('flag', T.BOOL, {}), ('i8', T.INT8, {}), ('i16', T.INT16, {}), ('i32', T.INT32, {}), ('i64', T.INT64, {}),
    ('f', T.FLOAT, {}), ('d', T.DOUBLE, {}), text('s'), ('j', T.JSON, {}),
    array('a_bool', T.BOOL), array('a_i8', T.INT8), array('a_i16', T.INT16), array('a_i32', T.INT32), array('a_i64', T.INT64),
    array('a_f', T.FLOAT), array('a_d', T.DOUBLE), array('a_s', T.VARCHAR, max_length=64), vector(), shards=2, dynamic=True)
AUTO = Shape(('id', T.INT64, {}), text('s'), vector(dim=16), shards=4, auto=True, index=HNSW)
KEYS = Shape(('key', T.VARCHAR, {'max_length': 64}), ('n', T.INT32, {}), vector(dim=4), shards=2)
TENANTS = Shape(('id', T.INT64, {}), text('tenant'), ('n', T.INT32, {}), vector(dim=4), dynamic=True, partition_key='tenant')
AUTO_TENANTS = Shape(('id', T.INT64, {}), text('tenant'), vector(dim=4), dynamic=True, auto=True, partition_key='tenant')
BITS = Shape(('id', T.INT64, {}), text('s'), ('vector', T.BINARY_VECTOR, {'dim': 64}), index=BINARY, scalar_index=('s', 'Trie'), lite=False)
AUTO_KEYS = Shape(('key', T.VARCHAR, {'max_length': 64}), ('n', T.INT32, {}), vector(dim=4), auto=True, lite=False)
SMALL = Shape(('id', T.INT64, {}), ('n', T.INT32, {}), vector(dim=4))
OTHER = Shape(('id', T.INT64, {}), text('note'), ('d', T.DOUBLE, {}), vector('embedding', dim=6), shards=2)
MANY = Shape(('id', T.INT64, {}), ('n', T.INT32, {}), vector(dim=32), shards=2, index=IVF, heavy=True)
WIDE = Shape(('id', T.INT64, {}), text('wide', 65535), vector(dim=4), heavy=True)
