internal import MilvusAPI

/// Fields that a function fills (Milvus 2.5 and later).
///
/// BM25 and MinHash are computed where rows are stored: their values are in no log and in no request. Embeddings come
/// from a model that the source asked: their values are in the log, and a target that asked again would pay for
/// others, so it gets them as values of a field like any other, without the function.
extension Milvus_Proto_Schema_CollectionSchema {
    /// The names of the fields whose values the server itself computes.
    var computedFields: Set<String> {
        Set(functions.filter { $0.type != .textEmbedding }.flatMap(\.outputFieldNames))
    }

    /// The names of the functions that ask a model, by what is left of them on a target: their fields.
    var embeddings: [Milvus_Proto_Schema_FunctionSchema] {
        functions.filter { $0.type == .textEmbedding }
    }

    /// The schema without the functions that ask a model.
    var withoutEmbeddings: Self {
        let outputs = Set(embeddings.flatMap(\.outputFieldNames))
        guard outputs.isEmpty == false else { return self }
        var schema = self
        schema.functions.removeAll { $0.type == .textEmbedding }
        for index in schema.fields.indices where outputs.contains(schema.fields[index].name) {
            schema.fields[index].isFunctionOutput = false
        }
        return schema
    }
}
