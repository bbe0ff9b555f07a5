import CRdKafka

/// librdkafka's own mock cluster: another implementation of a broker, in this process.
final class MockCluster {
    private let client: OpaquePointer
    private let cluster: OpaquePointer

    /// The brokers' addresses for a client.
    let addresses: String

    init(brokers: Int) throws {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "log_level", "0", nil, 0)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0),
            let cluster = rd_kafka_mock_cluster_new(client, Int32(brokers))
        else { throw Producer.Failure(message: "no mock cluster") }
        self.client = client
        self.cluster = cluster
        addresses = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    /// Makes the next requests of an API fail; see the Kafka protocol for keys and codes.
    func fail(api: Int16, with code: rd_kafka_resp_err_t, times: Int) {
        let codes = [rd_kafka_resp_err_t](repeating: code, count: times)
        rd_kafka_mock_push_request_errors_array(cluster, api, codes.count, codes)
    }

    /// Moves a topic's first partition to another broker.
    func setLeader(of topic: String, to broker: Int32) {
        rd_kafka_mock_partition_set_leader(cluster, topic, 0, broker)
    }
}
