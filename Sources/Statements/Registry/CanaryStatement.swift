// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings

/// A subject promises to publish the next word of a hash chain every so many days.
///
/// When no word comes, everybody sees that; nobody has to say why. Without a promise in it, the
/// statement ends the one before.
///
/// Spec: `docs/spec/registry.md`, section 3.18.
package struct CanaryStatement: Statement {
    package static let type = "registry-canary"
    package static let version: Int64 = 1

    /// What is promised.
    package struct Promise: Equatable, Sendable {
        /// What the most days between two words may be.
        package static let daysMax = 31

        /// The end of the chain, 32 bytes: what the first word hashes to.
        package let anchor: [UInt8]
        /// After how many days the next word is due.
        package let everyDays: Int

        package init(anchor: [UInt8], everyDays: Int) {
            self.anchor = anchor
            self.everyDays = everyDays
        }
    }

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes; its key signs.
    package let subject: [UInt8]
    /// What is promised; `nil` ends it.
    package let promise: Promise?

    package init(head: RegistryHead, subject: [UInt8], promise: Promise?) {
        self.head = head
        self.subject = subject
        self.promise = promise
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        guard fields.has("anchor") || fields.has("everyDays") else {
            promise = nil
            return
        }
        let anchor = try fields.hex("anchor", count: 32)
        let days = try fields.integer("everyDays", in: 1...Int64(Promise.daysMax))
        promise = Promise(anchor: anchor, everyDays: Int(days))
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = ["subject": .string(Hex.encode(subject))]
        members["anchor"] = promise.map { .string(Hex.encode($0.anchor)) }
        members["everyDays"] = promise.map { .integer(Int64($0.everyDays)) }
        return head.with(members)
    }
}

/// The next word of a subject's hash chain, from the subject or from who read it.
///
/// Spec: `docs/spec/registry.md`, section 3.18.
package struct AliveStatement: Statement {
    package static let type = "registry-alive"
    package static let version: Int64 = 1
    /// What a word is hashed after.
    package static let domain = "resguardo-registry/canary/v1\n"
    /// How many words may have been left out, so that looking at one has a bound.
    package static let stepCountMax = 64

    /// Which registry, and the day on which the word was said.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The word, 32 bytes.
    package let word: [UInt8]

    package init(head: RegistryHead, subject: [UInt8], word: [UInt8]) {
        self.head = head
        self.subject = subject
        self.word = word
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        word = try fields.hex("word", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "subject": .string(Hex.encode(subject)), "word": .string(Hex.encode(word)),
        ])
    }

    /// The word before a word in a subject's chain: its hash.
    ///
    /// - Parameters:
    ///   - word: 32 bytes.
    ///   - subject: Whose chain, 32 bytes.
    /// - Returns: 32 bytes.
    package static func word(before word: [UInt8], of subject: [UInt8]) -> [UInt8] {
        SHA256.hash(Array(domain.utf8) + subject + word)
    }

    /// Whether a word comes after another one in a subject's chain, not too far.
    package func follows(_ earlier: [UInt8]) -> Bool {
        var word = word
        for _ in 0..<Self.stepCountMax {
            word = Self.word(before: word, of: subject)
            if word == earlier { return true }
        }
        return false
    }
}
