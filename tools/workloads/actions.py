"""What is done to the source and to the model of it, in step."""
from pymilvus import Collection, Partition, Role, db, utility

from .client import keys_expression
from .model import Held

BATCH_ROWS = 1000


class Actions:
    """Each action waits for the source's answer, then the model has it too."""

    def __init__(self, server, model):
        self.server, self.model = server, model
        self.operations = self.rows_written = 0

    def held(self, database, name):
        return self.model.databases[database][name]

    def wrote(self, rows):
        self.operations += 1
        self.rows_written += rows

    # Databases and collections

    def create_database(self, name):
        db.create_database(name, using=self.server.using())
        self.model.databases[name] = {}
        self.operations += 1

    def drop_database(self, name):
        db.drop_database(name, using=self.server.using())
        del self.model.databases[name]
        self.server.forget(name)
        self.operations += 1

    def create(self, database, name, shape, **properties):
        partitions = {'num_partitions': 16} if shape.partition_key else {}
        Collection(name, shape.schema(), using=self.server.using(database), shards_num=shape.shards, properties=properties, **partitions)
        held = self.model.databases[database][name] = Held(shape)
        held.properties = {key: str(value) for key, value in properties.items()}
        self.operations += 1

    def drop(self, database, name):
        utility.drop_collection(name, using=self.server.using(database))
        del self.model.databases[database][name]
        self.operations += 1

    def rename(self, database, old, new):
        utility.rename_collection(old, new, using=self.server.using(database))
        collections, aliases = self.model.databases[database], self.model.aliases
        collections[new] = collections.pop(old)
        for (where, alias), name in aliases.items():
            if (where, name) == (database, old):
                aliases[where, alias] = new
        self.operations += 1

    def set_properties(self, database, name, **properties):
        """Twice, since Milvus 2.3.5 writes to its metadata what was set the time before."""
        for _ in range(2):
            self.server.collection(database, name).set_properties(properties)
        self.held(database, name).properties.update({key: str(value) for key, value in properties.items()})
        self.operations += 2

    # Aliases

    def create_alias(self, database, alias, name):
        utility.create_alias(name, alias, using=self.server.using(database))
        self.model.aliases[database, alias] = name
        self.operations += 1

    def alter_alias(self, database, alias, name):
        utility.alter_alias(name, alias, using=self.server.using(database))
        self.model.aliases[database, alias] = name
        self.operations += 1

    def drop_alias(self, database, alias):
        utility.drop_alias(alias, using=self.server.using(database))
        self.model.aliases.pop((database, alias))
        self.operations += 1

    # Rows

    def insert(self, database, name, rows, partition=None, batch_rows=BATCH_ROWS):
        held, collection = self.held(database, name), self.server.collection(database, name)
        for start in range(0, len(rows), batch_rows):
            batch = rows[start:start + batch_rows]
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

    # Indexes, loads, partitions

    def index(self, database, name):
        """The indexes of the collection's shape, under the names that the server gives them."""
        shape = self.held(database, name).shape
        self.create_index(database, name, shape.vector, shape.index)
        if shape.scalar_index:
            field, kind = shape.scalar_index
            self.create_index(database, name, field, {'index_type': kind})

    def create_index(self, database, name, field, index, index_name=None):
        given = {'index_name': index_name} if index_name else {}
        self.server.collection(database, name).create_index(field, index, sync=False, **given)
        self.held(database, name).indexes[index_name or field] = [field, index.get('index_type'), index.get('metric_type'), index.get('params', {})]
        self.operations += 1

    def drop_index(self, database, name, index_name):
        self.server.collection(database, name).drop_index(index_name=index_name)
        del self.held(database, name).indexes[index_name]
        self.operations += 1

    def load(self, *collections):
        """Loads several at once: the server takes a second or two for each, mostly waiting."""
        for database, name in collections:
            self.server.collection(database, name).load(_async=True)
        for database, name in collections:
            utility.wait_for_loading_complete(name, using=self.server.using(database))
            self.held(database, name).loaded = True
            self.operations += 1

    def release(self, database, name):
        self.server.collection(database, name).release()
        self.held(database, name).loaded = False
        self.operations += 1

    def load_partitions(self, database, name, partitions):
        """Of a collection of which not everything is loaded."""
        held, collection = self.held(database, name), self.server.collection(database, name)
        collection.load(partitions)
        held.loaded = sorted({*(held.loaded or []), *partitions})
        self.operations += 1

    def release_partition(self, database, name, partition):
        held = self.held(database, name)
        Partition(self.server.collection(database, name), partition).release()
        loaded = held.partitions if held.loaded is True else held.loaded
        held.loaded = sorted(set(loaded) - {partition})
        self.operations += 1

    def create_partition(self, database, name, partition):
        self.server.collection(database, name).create_partition(partition)
        self.held(database, name).partitions.append(partition)
        self.operations += 1

    def drop_partition(self, database, name, partition):
        held, collection = self.held(database, name), self.server.collection(database, name)
        if held.loaded is True or partition in (held.loaded or []):
            collection.partition(partition).release()
            if held.loaded is not True:
                held.loaded = sorted(set(held.loaded) - {partition})
        collection.drop_partition(partition)
        held.partitions.remove(partition)
        held.delete([key for key, (where, _, _) in held.rows.items() if where == partition])
        self.operations += 1

    # Users and roles

    def role(self, name):
        return Role(name, using=self.server.using())

    def create_user(self, name, password):
        utility.create_user(name, password, using=self.server.using())
        self.model.users[name] = set()
        self.operations += 1

    def change_password(self, name, old, new):
        utility.update_password(name, old, new, using=self.server.using())
        self.operations += 1

    def drop_user(self, name):
        utility.delete_user(name, using=self.server.using())
        del self.model.users[name]
        self.operations += 1

    def create_role(self, name):
        self.role(name).create()
        self.model.roles[name] = set()
        self.operations += 1

    def drop_role(self, name):
        """With its grants, which the server wants revoked before."""
        for grant in sorted(self.model.roles[name]):
            self.revoke(name, *grant)
        self.role(name).drop()
        del self.model.roles[name]
        for roles in self.model.users.values():
            roles.discard(name)
        self.operations += 1

    def bind(self, user, role):
        self.role(role).add_user(user)
        self.model.users[user].add(role)
        self.operations += 1

    def unbind(self, user, role):
        self.role(role).remove_user(user)
        self.model.users[user].discard(role)
        self.operations += 1

    def grant(self, role, kind, name, database, privilege):
        self.role(role).grant(kind, name, privilege, database)
        self.model.roles.setdefault(role, set()).add((kind, name, database, privilege))
        self.operations += 1

    def revoke(self, role, kind, name, database, privilege):
        self.role(role).revoke(kind, name, privilege, database)
        self.model.roles[role].discard((kind, name, database, privilege))
        self.operations += 1
