// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Statements

/// A statement with one field of each kind.
struct Sample: Statement {
    static let type = "sample"
    static let version: Int64 = 1

    enum Word: String, Sendable {
        case dead, taken
    }

    struct Part: Equatable, Sendable {
        let index: Int64
        let key: [UInt8]
    }

    let name: String
    let time: Int64
    let isFinal: Bool
    let word: Word
    let digest: [UInt8]
    let blob: [UInt8]
    let parts: [Part]
    let note: String?

    static let example = Sample(
        name: "niña",
        time: 1_700_000_000,
        isFinal: true,
        word: .taken,
        digest: [UInt8](repeating: 0xab, count: 32),
        blob: [1, 2, 3, 4],
        parts: [Part(index: 1, key: [7, 8]), Part(index: 2, key: [9, 10])],
        note: nil
    )
}

extension Sample {
    init(fields: inout StatementFields) throws(StatementError) {
        name = try fields.string("name", countMax: 16)
        time = try fields.time("time")
        isFinal = try fields.boolean("final")
        word = try fields.word("word")
        digest = try fields.hex("digest", count: 32)
        blob = try fields.base64("blob", countMax: 4)
        parts = try fields.objects("parts", count: 1...2) { (fields) throws(StatementError) in
            Part(
                index: try fields.integer("index", in: 1...9),
                key: try fields.hex("key", count: 2)
            )
        }
        note = fields.has("note") ? try fields.string("note") : nil
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "time": .integer(time), "final": .boolean(isFinal),
            "word": .string(word.rawValue), "digest": .string(Hex.encode(digest)),
            "blob": .string(Base64.encode(blob)),
            "parts": .array(
                parts.map { ["index": .integer($0.index), "key": .string(Hex.encode($0.key))] }
            ),
        ]
        if let note { members["note"] = .string(note) }
        return .object(members)
    }
}

/// The key whose seed is 32 times `byte`.
func testKey(_ byte: UInt8) throws -> Ed25519.SecretKey {
    try Ed25519.SecretKey(seed: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
}
