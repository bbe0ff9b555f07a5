"""What a row looks like when two servers are compared: equal values are equal JSON, whatever client read them.

A float is its little-endian bits in hex, a double likewise; a float vector is the hex of its elements, a binary vector
that of its bytes. An array is a list. In JSON a number with a fraction is {"$d": hex of the double}.
"""
import hashlib
import json
import struct

from pymilvus import DataType


def canonical(value, kind, element=None):
    """The comparable form of a value of type `kind`; `element` is the type of an array's elements."""
    if kind == DataType.FLOAT:
        return struct.pack('<f', value).hex()
    if kind == DataType.DOUBLE:
        return struct.pack('<d', value).hex()
    if kind == DataType.FLOAT_VECTOR:
        return struct.pack('<%df' % len(value), *value).hex()
    if kind == DataType.BINARY_VECTOR:
        return (value if isinstance(value, bytes) else b''.join(value)).hex()
    if kind == DataType.ARRAY:
        return [canonical(item, element) for item in value]
    if kind == DataType.JSON:
        return canonical_json(json.loads(value) if isinstance(value, (str, bytes)) else value)
    if kind == DataType.BOOL:
        return bool(value)
    return value if kind == DataType.VARCHAR else int(value)


def canonical_json(value):
    if isinstance(value, float):
        return {'$d': struct.pack('<d', value).hex()}
    if isinstance(value, dict):
        return {key: canonical_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical_json(item) for item in value]
    return value


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(',', ':'), sort_keys=True)


def key_order(key):
    """Integers by value, strings by code point."""
    return (0, key, '') if isinstance(key, int) else (1, 0, key)


def digest(rows):
    """SHA-256 over one line `[key,{field:value}]` for each row in key order; `rows` maps a key to canonical fields."""
    sha = hashlib.sha256()
    for key in sorted(rows, key=key_order):
        sha.update(compact([key, rows[key]]).encode() + b'\n')
    return sha.hexdigest()


def fingerprint(row):
    """Six hex digits for each field, in the order of the fields' names: enough to say which field differs."""
    return ''.join(hashlib.sha256(compact(row[name]).encode()).hexdigest()[:6] for name in sorted(row))


def differing_fields(row, expected):
    """The fields of a canonical row whose fingerprint is not the expected one."""
    names, found = sorted(row), fingerprint(row)
    if len(found) != len(expected):
        return names
    return [name for i, name in enumerate(names) if found[6 * i:6 * i + 6] != expected[6 * i:6 * i + 6]]
