/// A Milvus that is journalled.
struct SourceSettings: Hashable, Sendable {
    static let keys = ["etcd", "kafka", "milvus", "retention", "journal"]

    let name: String
    var etcd: EtcdSettings
    var kafka: KafkaSettings
    /// The source's own API, for baselines and comparisons.
    var milvus: MilvusSettings?
    /// How much of the journal is kept; nil for all of it.
    var retention: RetentionSettings?
    /// How the journal is written.
    var journal: JournalSettings?

    init(name: String, _ section: SettingsSection) throws(SettingsFailure) {
        self.name = name
        etcd = try EtcdSettings(section.requiredSection("etcd", keys: EtcdSettings.keys))
        kafka = try KafkaSettings(section.requiredSection("kafka", keys: KafkaSettings.keys))
        milvus = try section.section("milvus", keys: MilvusSettings.keys).map(MilvusSettings.init)
        retention = try section.section("retention", keys: RetentionSettings.keys)
            .map(RetentionSettings.init)
        journal = try section.section("journal", keys: JournalSettings.keys)
            .map(JournalSettings.init)
    }
}
