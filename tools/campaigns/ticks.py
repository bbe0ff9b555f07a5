"""When which time tick stood in Kafka: the broker's trace, and the messages in its files."""
import collections
import ctypes
import gzip
import os
import struct

from pymilvus.grpc_gen import common_pb2

BATCH = struct.Struct('>qiibIhiqqqhii')
TIME_TICK = 1200        # common.MsgType.TimeTick


def unzstd(data):
    library = ctypes.CDLL('libzstd.so.1')
    library.ZSTD_decompress.restype = library.ZSTD_isError.restype = ctypes.c_size_t
    size = max(1 << 20, 64 * len(data))
    out = ctypes.create_string_buffer(size)
    length = library.ZSTD_decompress(out, ctypes.c_size_t(size), data, ctypes.c_size_t(len(data)))
    if library.ZSTD_isError(ctypes.c_size_t(length)):
        raise ValueError('a batch cannot be decompressed')
    return out.raw[:length]


UNPACK = {0: bytes, 1: gzip.decompress, 4: unzstd}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
        if byte < 128:
            return (value >> 1) ^ -(value & 1), at


def messages(folder):
    """The messages in a topic partition's files: (offset, value)."""
    for name in sorted(name for name in os.listdir(folder) if name.endswith('.log')):
        with open(os.path.join(folder, name), 'rb') as file:
            data = file.read()
        at = 0
        while at + BATCH.size <= len(data):
            head = BATCH.unpack_from(data, at)
            end = at + 12 + head[1]
            records = UNPACK[head[5] & 7](data[at + BATCH.size:end])
            place = 0
            for _ in range(head[12]):
                length, place = varint(records, place)
                next_one = place + length
                _, place = varint(records, place + 1)
                delta, place = varint(records, place)
                size, place = varint(records, place)
                place += max(size, 0)
                size, place = varint(records, place)
                yield head[0] + delta, records[place:place + max(size, 0)]
                place = next_one
            at = end


def ticks(topics, trace):
    """For each topic, in order: (timestamp of a tick, monotonic nanoseconds at which it stood)."""
    stood = collections.defaultdict(dict)
    with open(trace) as file:
        for line in file:
            moment, topic, _, first, last = line.split()
            for offset in range(int(first), int(last) + 1):
                stood[topic][offset] = int(moment)
    found = {}
    for topic, moments in stood.items():
        found[topic] = []
        for offset, value in messages(os.path.join(topics, topic, '0')):
            base = common_pb2.MsgHeader.FromString(value).base
            if base.msg_type == TIME_TICK and offset in moments:
                found[topic].append((base.timestamp, moments[offset]))
    return found
