import Crypto
import Foundation
import MilvusAPI
import SwiftProtobuf
import TestSupport
import Testing

/// Holds `tools/protos/milvus`, which was written by hand, against what Milvus itself says and writes.
@Suite struct ProtoDescriptorTests {
    /// What a version of Milvus' Python client says; `tools/protos/dump-descriptors` wrote it.
    struct Client: Decodable {
        /// Fields by message and name: number, label, type, and the type's name.
        let messages: [String: [String: Field]]
        let enums: [String: [String: Int32]]
        /// The types of request and answer by service and method.
        let services: [String: [String: [String]]]

        init(_ version: String) throws {
            self = try JSONDecoder().decode(
                Client.self,
                from: try fixture("pymilvus-\(version).json")
            )
        }
    }

    struct Field: Decodable, Hashable {
        let number: Int32
        let label: Int
        let type: Int
        let typeName: String

        init(_ field: Google_Protobuf_FieldDescriptorProto) {
            number = field.number
            label = field.label.rawValue
            type = field.type.rawValue
            typeName = String(field.typeName.drop { $0 == "." })
        }

        init(from decoder: any Swift.Decoder) throws {
            var values = try decoder.unkeyedContainer()
            number = try values.decode(Int32.self)
            label = try values.decode(Int.self)
            type = try values.decode(Int.self)
            typeName = try values.decode(String.self)
        }
    }

    /// Packages whose messages the client does not ship: Milvus writes them to etcd only.
    private static let internalPackages: Set<String> = [
        "milvus.proto.etcd", "milvus.proto.index", "milvus.proto.query", "milvus.proto.data",
    ]

    private static func files() throws -> [Google_Protobuf_FileDescriptorProto] {
        try Google_Protobuf_FileDescriptorSet(serializedBytes: fixture("descriptors.pb")).file
    }

    /// Our messages with their full names, entries of maps included.
    private static func messages() throws -> [(String, Google_Protobuf_DescriptorProto)] {
        try files().filter { !internalPackages.contains($0.package) }.flatMap { file in
            file.messageType.flatMap { message in
                [("\(file.package).\(message.name)", message)]
                    + message.nestedType.map {
                        ("\(file.package).\(message.name).\($0.name)", $0)
                    }
            }
        }
    }

    @Test(arguments: ["2.3.8", "3.0.2"])
    func `every field is as the client has it`(version: String) throws {
        let client = try Client(version)
        var compared = 0
        for (name, message) in try ProtoDescriptorTests.messages() {
            guard let theirs = client.messages[name] else { continue }
            for field in message.field {
                if let their = theirs[field.name] {
                    #expect(Field(field) == their, "\(name).\(field.name)")
                    compared += 1
                } else {
                    let taken = theirs.first { $0.value.number == field.number }
                    #expect(taken == nil, "\(name).\(field.name) is \(taken?.key ?? "")")
                }
            }
        }
        #expect(compared > 300)
    }

    @Test func `nothing is there that no client has`() throws {
        let clients = [try Client("2.3.8"), try Client("3.0.2")]
        for (name, message) in try ProtoDescriptorTests.messages() {
            for field in message.field {
                let isKnown = clients.contains { $0.messages[name]?[field.name] != nil }
                #expect(isKnown, "\(name).\(field.name)")
            }
            #expect(clients.contains { $0.messages[name] != nil }, "\(name)")
        }
    }

    @Test func `every enum value is as the clients have it`() throws {
        let clients = [try Client("2.3.8"), try Client("3.0.2")]
        for file in try ProtoDescriptorTests.files()
        where !ProtoDescriptorTests.internalPackages.contains(file.package) {
            for type in file.enumType {
                let theirs = clients.compactMap { $0.enums["\(file.package).\(type.name)"] }
                for value in type.value {
                    let numbers = theirs.compactMap { $0[value.name] }
                    #expect(!numbers.isEmpty, "\(type.name).\(value.name)")
                    #expect(
                        numbers.allSatisfy { $0 == value.number },
                        "\(type.name).\(value.name)"
                    )
                }
            }
        }
    }

    @Test func `every call takes and returns what the clients say`() throws {
        let clients = [try Client("2.3.8"), try Client("3.0.2")]
        var compared = 0
        for file in try ProtoDescriptorTests.files() {
            for service in file.service {
                for method in service.method {
                    let types = [method.inputType, method.outputType].map { String($0.dropFirst()) }
                    let name = "\(file.package).\(service.name)"
                    let theirs = clients.compactMap { $0.services[name]?[method.name] }
                    #expect(!theirs.isEmpty, "\(method.name)")
                    #expect(theirs.allSatisfy { $0 == types }, "\(method.name)")
                    compared += 1
                }
            }
        }
        #expect(compared == 55)
    }

    /// A recorded value of the metadata, and what the recording says is in it.
    private struct Decoded {
        let type: String
        let value: [UInt8]
        let fields: NSDictionary
    }

    private static func recorded() throws -> [Decoded] {
        var values: [String: [UInt8]] = [:]
        for event in try Recording.milvus235.get().metadataEvents {
            values["\(event.rev) \(event.key)"] = event.value
        }
        return try Recording.lines("expected-etcd").compactMap { line in
            let object = try JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary
            guard let object, let type = object["message"] as? String,
                let key = object["key"] as? String, let revision = object["rev"] as? Int,
                let fields = object["decoded"] as? NSDictionary
            else { return nil }
            let value = try #require(values["\(revision) \(key)"])
            return Decoded(type: type, value: value, fields: fields)
        }
    }

    private static let metadataTypes: [String: any Message.Type] = [
        "DatabaseInfo": Milvus_Proto_Etcd_DatabaseInfo.self,
        "CollectionInfo": Milvus_Proto_Etcd_CollectionInfo.self,
        "PartitionInfo": Milvus_Proto_Etcd_PartitionInfo.self,
        "AliasInfo": Milvus_Proto_Etcd_AliasInfo.self,
        "FieldSchema": Milvus_Proto_Schema_FieldSchema.self,
        "FieldIndex": Milvus_Proto_Index_FieldIndex.self,
        "CollectionLoadInfo": Milvus_Proto_Query_CollectionLoadInfo.self,
        "PartitionLoadInfo": Milvus_Proto_Query_PartitionLoadInfo.self,
    ]

    @Test func `recorded metadata decodes to what the recording says`() throws {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        var counts: [String: Int] = [:]
        for decoded in try ProtoDescriptorTests.recorded() {
            let type = try #require(ProtoDescriptorTests.metadataTypes[decoded.type])
            // Integers where the recording has them, names of the schema's enums where it has those.
            options.alwaysPrintEnumsAsInts = decoded.type != "FieldSchema"
            let json = try type.init(serializedBytes: decoded.value).jsonUTF8Data(options: options)
            let ours = try JSONSerialization.jsonObject(with: json) as? NSDictionary
            #expect(plain(ours) == plain(decoded.fields), "\(decoded.type)")
            counts[decoded.type, default: 0] += 1
        }
        #expect(Set(counts.keys) == Set(ProtoDescriptorTests.metadataTypes.keys))
    }

    /// The fields with maps as maps, which the recording writes as lists of key and value.
    private func plain(_ fields: NSDictionary?) -> NSDictionary? {
        guard let fields, let map = fields["field_indexID"] else { return fields }
        var pairs: [String: String] = [:]
        if let map = map as? [String: String] { pairs = map }
        for case let pair as [String: String] in map as? [Any] ?? [] {
            pairs[pair["key"] ?? ""] = pair["value"]
        }
        let result = fields.mutableCopy() as? NSMutableDictionary
        result?["field_indexID"] = pairs
        return result
    }

    @Test func `the generated code is that of the protos`() throws {
        let sums = try String(
            contentsOf: root.appendingPathComponent("tools/protos/SHA256SUMS"),
            encoding: .utf8
        )
        var listed: Set<String> = []
        for line in sums.split(separator: "\n") {
            let path = String(line.dropFirst(66))
            let data = try Data(contentsOf: root.appendingPathComponent(path))
            let sum = SHA256.hash(data: data).map { byte in
                String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }.joined()
            #expect(line.hasPrefix(sum), "\(path) differs: run make generate")
            listed.insert(path)
        }
        for folder in [
            "tools/protos/milvus", "tools/protos/etcd", "tools/protos/etcd-tests",
            "Sources/MilvusAPI/Generated", "Sources/Etcd/Generated", "Tests/EtcdTests/Generated",
        ] {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: root.appendingPathComponent(folder).path
            )
            for name in names {
                #expect(listed.contains("\(folder)/\(name)"), "\(folder)/\(name) is not listed")
            }
        }
    }
}

/// The folder of the package.
private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func fixture(_ name: String) throws -> Data {
    try Data(contentsOf: root.appendingPathComponent("Tests/MilvusTests/Fixtures/\(name)"))
}
