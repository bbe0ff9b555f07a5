"""A server, as the workload and the check use it."""
import json

import grpc
from pymilvus import Collection, MilvusException, connections, db, utility

DYNAMIC = '$meta'


class Server:
    """One Milvus; a pymilvus connection for each of its databases."""

    def __init__(self, uri, token=''):
        self.uri, self.token = uri, token

    def using(self, database='default'):
        """The pymilvus alias of a connection to a database."""
        alias = '%s/%s' % (self.uri, database)
        if not connections.has_connection(alias):
            connections.connect(alias, uri=self.uri, token=self.token, db_name=database)
        return alias

    def forget(self, database):
        connections.remove_connection('%s/%s' % (self.uri, database))

    def handler(self, database='default'):
        return connections._fetch_handler(self.using(database))

    def collection(self, database, name):
        return Collection(name, using=self.using(database))

    def databases(self):
        return db.list_database(using=self.using())

    def collections(self, database):
        return utility.list_collections(using=self.using(database))

    def has(self, database, name):
        return utility.has_collection(name, using=self.using(database))

    def timestamp(self):
        """A timestamp that the server allocates now: everything answered before is older."""
        return self.handler().alloc_timestamp()

    def now(self):
        """How to query what is there now. One timestamp serves many queries, so only the first waits for the server's ticks."""
        try:
            return {'consistency_level': 'Customized', 'guarantee_timestamp': self.timestamp()}
        except (MilvusException, grpc.RpcError):        # milvus-lite allocates none, and is always consistent
            return {'consistency_level': 'Strong'}


def keys_expression(field, keys):
    """`field in [...]`; strings are quoted as Milvus' expression parser unquotes them."""
    return '%s in [%s]' % (field, ', '.join(json.dumps(key, ensure_ascii=False) for key in keys))
