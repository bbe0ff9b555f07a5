"""A server, as the workload and the check use it."""
import grpc
from pymilvus import Collection, MilvusException, Role, connections, db, utility

DYNAMIC = '$meta'


class Server:
    """One Milvus; a pymilvus connection for each of its databases."""

    def __init__(self, uri, token=''):
        # Granting needs a user's name even where nobody asks for a password.
        self.uri, self.token = uri, token or 'root:Milvus'

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

    def aliases(self, database):
        return [alias for name in self.collections(database) for alias in utility.list_aliases(name, using=self.using(database))]

    def users(self):
        """Each user's roles."""
        return {user.username: sorted(user.roles) for user in utility.list_users(True, using=self.using()).groups}

    def takes_password(self, user, password):
        """Whether it is the user's password; a server that asks for none when called checks it where it is changed."""
        try:
            utility.update_password(user, password, password, using=self.using())
        except MilvusException:
            return False
        return True

    def roles(self):
        return sorted(role.role_name for role in utility.list_roles(False, using=self.using()).groups)

    def grants(self, role):
        """What a role may do, in any database: [object, its name, database, privilege]."""
        role = Role(role, using=self.using())
        found = {(item.object, item.object_name, item.db_name, item.privilege)
                 for database in [*self.databases(), '*'] for item in role.list_grants(database).groups}
        return sorted(map(list, found))

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


ESCAPES = str.maketrans({'"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t'})


def keys_expression(field, keys):
    """`field in [...]`; strings are quoted as the parsers of Milvus and milvus-lite unquote them."""
    return '%s in [%s]' % (field, ', '.join('"%s"' % key.translate(ESCAPES) if isinstance(key, str) else str(key) for key in keys))
