/// Rows that a source inserted or upserted at one timestamp into one partition of one shard.
package struct Rows: Hashable, Sendable {
    package let collection: CollectionID
    package let partition: PartitionID
    /// Which of the collection's virtual channels carried them: an index into
    /// `CollectionDefinition.virtualChannels`.
    package let shard: Int
    /// How many rows.
    package let count: Int
    /// The columns as the source wrote them.
    ///
    /// These are the concatenated protobuf records of field 13 (`fields_data`) of
    /// `milvus.proto.msg.InsertRequest`: each is the byte `6a`, a varint length, and a
    /// `milvus.proto.schema.FieldData`.
    package let columns: ArraySlice<UInt8>

    package init(
        collection: CollectionID,
        partition: PartitionID,
        shard: Int,
        count: Int,
        columns: ArraySlice<UInt8>
    ) {
        self.collection = collection
        self.partition = partition
        self.shard = shard
        self.count = count
        self.columns = columns
    }
}

/// Primary keys that a source deleted at one timestamp from one shard.
package struct DeletedKeys: Hashable, Sendable {
    package let collection: CollectionID
    /// The partition the deletion was limited to; nil means every partition.
    package let partition: PartitionID?
    /// Which of the collection's virtual channels carried the deletion.
    package let shard: Int
    /// How many keys.
    package let count: Int
    /// The keys as the source wrote them: a `milvus.proto.schema.IDs`.
    package let keys: ArraySlice<UInt8>

    package init(
        collection: CollectionID,
        partition: PartitionID?,
        shard: Int,
        count: Int,
        keys: ArraySlice<UInt8>
    ) {
        self.collection = collection
        self.partition = partition
        self.shard = shard
        self.count = count
        self.keys = keys
    }
}
