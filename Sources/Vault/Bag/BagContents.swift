// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Statements
internal import TimeStamping
package import TransparencyLog

/// What a bag says, verified or about to be written.
package struct BagContents: Sendable {
    /// One item.
    package struct Item: Sendable {
        /// The proof of acceptance.
        package let receipt: Receipt
        /// What the depositor signed.
        package let statement: DepositStatement
        /// What was found and sealed.
        package let evidence: Evidence
        /// Between which moments it was deposited.
        package let bracket: TimeBracket

        /// The item's name: its ciphertext root in hexadecimal.
        package var name: String { Hex.encode(statement.ciphertextRoot) }
        /// Its directory in the bag.
        var folder: String { "data/items/\(name)" }
        /// Where the originals lie, by number of the entry.
        package var paths: [Int: String] {
            BagNames.paths(of: evidence.entries).mapValues { "\(folder)/original/\($0)" }
        }
    }

    /// The log that accepted the items.
    package let log: NoteVerifier
    /// Pseudonym of the case, in hexadecimal.
    package let casePseudonym: String
    /// Public key of who made the bag, in hexadecimal.
    package let member: String
    /// When it was made, by the clock of who made it.
    package let createdAt: Int64
    /// The program that made it.
    package let tool: String
    /// The items, in the order of the log.
    package let items: [Item]
    /// Checkpoints with the answers of time-stamping authorities, the smallest first.
    package let checkpoints: [KeptCheckpoint]

    /// Whether whoever made the bag also deposited something in it.
    package var isByDepositor: Bool {
        items.contains { Hex.encode($0.statement.member) == member }
    }
    /// Whether some end of some bracket is proven.
    package var hasTimeEvidence: Bool {
        items.contains { $0.bracket.earliest != nil || $0.bracket.latest != nil }
    }
}

/// Court bags: items of a case with everything that proves when they were deposited, and unchanged.
///
/// Spec: `docs/spec/bag.md`.
package enum Bag {
    /// The signature of who made it.
    static let statementName = "bag.dsse.json"
    static let declaration = Array(
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".utf8
    )
    static let custodyName = "data/custody.jsonld"
    static let logKeyName = "data/log/log.vkey"

    /// The content of `bag-info.txt`.
    static func info(_ contents: BagContents, _ files: [BagFile]) -> [UInt8] {
        let payload = files.filter(\.isPayload)
        let octets = payload.reduce(0) { $0 + $1.sizeBytes }
        return Array(
            """
            Bag-Software-Agent: \(contents.tool)
            Bagging-Date: \(UTCDate.text(seconds: contents.createdAt))
            External-Identifier: \(contents.casePseudonym)
            Payload-Oxum: \(octets).\(payload.count)

            """.utf8
        )
    }

    /// The stem of a checkpoint's files: its size and the beginning of its digest.
    static func stem(of checkpoint: KeptCheckpoint) -> String {
        "data/log/" + CheckpointArchive.stem(of: checkpoint)
    }

    /// The stem of the files of an answer about a checkpoint.
    static func stem(of token: KeptCheckpoint.Token, over checkpoint: KeptCheckpoint) -> String {
        stem(of: checkpoint) + "." + CheckpointArchive.digits(of: token.response.bytes)
    }
}
