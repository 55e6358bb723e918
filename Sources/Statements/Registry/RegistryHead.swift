// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// What every statement of the registry starts with: which registry, and which day.
///
/// There is no time of day: it would help whoever correlates statements with network traffic.
///
/// Spec: `docs/spec/registry.md`, section 2.
package struct RegistryHead: Equatable, Sendable {
    /// Seconds in a day.
    package static let daySeconds: Int64 = 86_400

    /// SHA-256 of the log's origin: a statement means nothing in another registry.
    package let context: [UInt8]
    /// Midnight (UTC) of the day that the signers claim, in seconds since 1970.
    package let date: Int64

    /// - Parameters:
    ///   - context: 32 bytes.
    ///   - time: Any moment of the day, in seconds since 1970.
    package init(context: [UInt8], dayOf time: Int64) {
        precondition(context.count == 32 && time >= 0, "a context of 32 bytes and a day")
        self.context = context
        date = time - time % Self.daySeconds
    }

    init(fields: inout StatementFields) throws(StatementError) {
        context = try fields.hex("context", count: 32)
        date = try fields.day("date")
    }

    /// The members of the head with those of a statement.
    func with(_ members: [String: JSONValue]) -> JSONValue {
        var all = members
        all["context"] = .string(Hex.encode(context))
        all["date"] = .integer(date)
        return .object(all)
    }
}

extension StatementFields {
    /// Reads the midnight of a day, in seconds since 1970.
    mutating func day(_ name: String) throws(StatementError) -> Int64 {
        let time = try time(name)
        guard time % RegistryHead.daySeconds == 0 else { throw .invalidValue(field: name) }
        return time
    }

    /// Reads a short word of lower-case letters, digits and hyphens.
    mutating func slug(_ name: String) throws(StatementError) -> String {
        let text = try string(name, countMax: Slug.countMax)
        guard Slug.isValid(text) else { throw .invalidValue(field: name) }
        return text
    }

    /// Reads text that is not empty.
    mutating func prose(_ name: String, countMax: Int) throws(StatementError) -> String {
        let text = try string(name, countMax: countMax)
        guard !text.isEmpty else { throw .invalidValue(field: name) }
        return text
    }

    /// Reads sentences, none of them empty.
    mutating func proses(
        _ name: String,
        count: ClosedRange<Int>,
        countMax: Int
    ) throws(StatementError) -> [String] {
        let texts = try strings(name, count: count, countMax: countMax)
        guard texts.allSatisfy({ !$0.isEmpty }) else { throw .invalidValue(field: name) }
        return texts
    }

    /// Reads digests in strictly ascending order, so that a set has one spelling.
    mutating func digests(
        _ name: String,
        count: ClosedRange<Int>
    ) throws(StatementError) -> [[UInt8]] {
        let digests = try hexList(name, count: count, byteCount: 32)
        let isAscending = zip(digests, digests.dropFirst())
            .allSatisfy { $0.lexicographicallyPrecedes($1) }
        guard isAscending else { throw .invalidValue(field: name) }
        return digests
    }

    /// Reads words of a closed list in strictly ascending order.
    mutating func words<T: RawRepresentable<String>>(
        _ name: String,
        count: ClosedRange<Int>,
        _ type: T.Type = T.self
    ) throws(StatementError) -> [T] {
        let texts = try strings(name, count: count)
        var words: [T] = []
        for text in texts {
            guard let word = T(rawValue: text) else { throw .invalidValue(field: name) }
            if let last = words.last, last.rawValue >= text { throw .invalidValue(field: name) }
            words.append(word)
        }
        return words
    }
}

/// Short names that the charter gives: constituencies, platforms, regions.
package enum Slug {
    /// The longest name, in bytes.
    package static let countMax = 32

    /// Whether `text` is made of 1...32 lower-case letters, digits and hyphens.
    package static func isValid(_ text: String) -> Bool {
        (1...countMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { character in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
                    || character == UInt8(ascii: "-")
            }
    }
}
