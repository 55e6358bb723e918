// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Statements
internal import TimeStamping
internal import TransparencyLog

/// Who did what with the items, in the words of CASE and UCO.
///
/// A JSON-LD document with files, actions, tools and identities. It is made from the evidence, the
/// receipts and the time stamps alone, so that whoever verifies a bag makes it again and compares.
///
/// Spec: `docs/spec/bag.md`, section 4; CASE 1.x and UCO 1.x (`https://caseontology.org`).
struct BagCustody {
    private static let context: JSONValue = [
        "kb": "urn:resguardo:",
        "case-investigation": "https://ontology.caseontology.org/case/investigation/",
        "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
        "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
        "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
        "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
        "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
        "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    ]

    /// Takes one element of the graph.
    private typealias Put = (JSONValue) throws -> Void

    /// Bytes that are written together.
    private static let chunkCount = 1 << 16

    /// By their bytes: Swift takes two spellings of an accented letter for one.
    private var tools: Set<[UInt8]> = []
    private var members: Set<String> = []

    /// Writes the document of a bag, as canonical JSON and a line feed.
    ///
    /// Piece by piece: of many files it has a kilobyte each, and as a tree ten times that.
    ///
    /// - Throws: What `write` throws.
    static func write(
        _ contents: BagContents,
        to write: ([UInt8]) throws -> Void
    ) rethrows {
        var custody = BagCustody()
        var bytes = Array("{\"@context\":".utf8) + context.canonicalBytes
        bytes += Array(",\"@graph\":[".utf8)
        var isFirst = true
        try custody.add(contents) { element in
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes += element.canonicalBytes
            guard bytes.count >= chunkCount else { return }
            try write(bytes)
            bytes.removeAll(keepingCapacity: true)
        }
        try write(bytes + Array("]}\n".utf8))
    }

    private mutating func add(_ contents: BagContents, _ put: Put) rethrows {
        for item in contents.items { try add(item, put) }
        for checkpoint in contents.checkpoints where !checkpoint.tokens.isEmpty {
            let stem = Bag.stem(of: checkpoint)
            try put(
                Self.file(
                    "kb:checkpoint-" + Hex.encode(checkpoint.digest),
                    name: String(stem.dropFirst("data/log/".count)) + ".checkpoint",
                    path: stem + ".checkpoint",
                    sizeBytes: UInt64(checkpoint.bytes.count),
                    sha256: Hex.encode(checkpoint.digest)
                )
            )
            for token in checkpoint.tokens { try Self.add(token, over: checkpoint, put) }
        }
        try addExport(contents, put)
    }

    // MARK: Items

    private mutating func add(_ item: BagContents.Item, _ put: Put) rethrows {
        let name = item.name
        let member = try identity(Hex.encode(item.statement.member), put)
        var objects: [JSONValue] = []
        for (index, path) in item.paths.sorted(by: { $0.key < $1.key }) {
            let entry = item.evidence.entries[index]
            let id = "kb:file-\(name)-\(index)"
            objects.append(Self.reference(id))
            try put(
                Self.file(
                    id,
                    name: String(decoding: entry.name, as: UTF8.self),
                    path: path,
                    sizeBytes: entry.sizeBytes,
                    sha256: Hex.encode(entry.sha256)
                )
            )
        }
        let record = "kb:record-\(name)"
        try put([
            "@id": .string(record), "@type": "case-investigation:ProvenanceRecord",
            "case-investigation:exhibitNumber": .string(name),
            "uco-core:description": .string("entry \(item.receipt.proof.index) of the log"),
            "uco-core:object": .array(objects),
        ])
        for (index, event) in item.evidence.custody.enumerated() {
            var action = Self.action(
                "kb:action-\(name)-\(index)",
                name: event.event,
                at: event.at,
                performer: member,
                instrument: try tool(event.tool, put),
                object: [Self.reference(record)]
            )
            if let note = event.note { action["uco-core:description"] = .string(note) }
            try put(.object(action))
        }
    }

    private static func file(
        _ id: String,
        name: String,
        path: String,
        sizeBytes: UInt64,
        sha256: String
    ) -> JSONValue {
        let size = typed("xsd:integer", String(sizeBytes))
        let hash: JSONValue = [
            "@id": .string(id + "-sha256"), "@type": "uco-types:Hash",
            "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": typed("xsd:hexBinary", sha256),
        ]
        return [
            "@id": .string(id), "@type": "uco-observable:File",
            "uco-core:hasFacet": [
                [
                    "@id": .string(id + "-file"), "@type": "uco-observable:FileFacet",
                    "uco-observable:fileName": .string(name),
                    "uco-observable:filePath": .string(path),
                    "uco-observable:isDirectory": false, "uco-observable:sizeInBytes": size,
                ],
                [
                    "@id": .string(id + "-content"), "@type": "uco-observable:ContentDataFacet",
                    "uco-observable:hash": [hash], "uco-observable:sizeInBytes": size,
                ],
            ],
        ]
    }

    // MARK: Time stamps and export

    private static func add(
        _ token: KeptCheckpoint.Token,
        over checkpoint: KeptCheckpoint,
        _ put: Put
    ) rethrows {
        let stem = Bag.stem(of: token, over: checkpoint)
        let digest = Hex.encode(token.digest)
        try put(
            Self.file(
                "kb:token-\(digest)",
                name: String(stem.dropFirst("data/log/".count)) + ".tsr",
                path: stem + ".tsr",
                sizeBytes: UInt64(token.response.bytes.count),
                sha256: digest
            )
        )
        let stamped = "kb:checkpoint-" + Hex.encode(checkpoint.digest)
        try put([
            "@id": .string("kb:stamp-\(digest)"), "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": .string(
                "RFC 3161 time stamp over the log at \(checkpoint.checkpoint.size) entries"
            ),
            "uco-core:object": [Self.reference("kb:token-\(digest)"), Self.reference(stamped)],
        ])
    }

    private mutating func addExport(_ contents: BagContents, _ put: Put) rethrows {
        let (performer, instrument) = (
            try identity(contents.member, put), try tool(contents.tool, put)
        )
        try put(
            .object(
                Self.action(
                    "kb:action-export",
                    name: "exported",
                    at: contents.createdAt,
                    performer: performer,
                    instrument: instrument,
                    object: contents.items.map { Self.reference("kb:record-\($0.name)") }
                )
            )
        )
        try put([
            "@id": .string("kb:case-\(contents.casePseudonym)"),
            "@type": "case-investigation:Investigation",
            "uco-core:name": .string(contents.casePseudonym),
            "uco-core:object": .array(
                contents.items.map { Self.reference("kb:record-\($0.name)") }
            ),
        ])
    }

    private static func action(
        _ id: String,
        name: String,
        at seconds: Int64,
        performer: JSONValue,
        instrument: JSONValue,
        object: [JSONValue]
    ) -> [String: JSONValue] {
        [
            "@id": .string(id), "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": .string(name), "uco-action:startTime": moment(seconds),
            "uco-action:endTime": moment(seconds), "uco-action:performer": performer,
            "uco-action:instrument": instrument, "uco-action:object": .array(object),
        ]
    }

    private mutating func identity(_ key: String, _ put: Put) rethrows -> JSONValue {
        let id = "kb:member-\(key)"
        if members.insert(key).inserted {
            try put([
                "@id": .string(id), "@type": "uco-identity:Identity",
                "uco-core:name": .string(key),
                "uco-core:description": "pseudonym: an Ed25519 public key",
            ])
        }
        return Self.reference(id)
    }

    private mutating func tool(_ name: String, _ put: Put) rethrows -> JSONValue {
        let bytes = Array(name.utf8)
        let id = "kb:tool-" + Hex.encode(SHA256.hash(bytes)).prefix(16)
        if tools.insert(bytes).inserted {
            try put([
                "@id": .string(id), "@type": "uco-tool:Tool", "uco-core:name": .string(name),
            ])
        }
        return Self.reference(id)
    }

    private static func reference(_ id: String) -> JSONValue { ["@id": .string(id)] }

    private static func typed(_ type: String, _ value: String) -> JSONValue {
        ["@type": .string(type), "@value": .string(value)]
    }

    private static func moment(_ seconds: Int64) -> JSONValue {
        typed("xsd:dateTime", UTCDate.moment(seconds: seconds))
    }
}
