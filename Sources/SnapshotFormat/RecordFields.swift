// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// Reads the members of one object of a snapshot, each once, and refuses what is left over.
struct RecordFields {
    private var members: [String: JSONValue]
    let line: Int

    init(_ value: JSONValue, line: Int) throws(SnapshotError) {
        guard let members = value.object else { throw .malformed(line: line) }
        self.members = members
        self.line = line
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    mutating func value(_ name: String) throws(SnapshotError) -> JSONValue {
        guard let value = members.removeValue(forKey: name) else { throw .malformed(line: line) }
        return value
    }

    mutating func string(_ name: String, countMax: Int) throws(SnapshotError) -> String {
        guard let text = try value(name).string, !text.isEmpty else {
            throw .malformed(line: line)
        }
        guard text.utf8.count <= countMax else { throw .tooLarge(line: line) }
        return text
    }

    mutating func token(_ name: String) throws(SnapshotError) -> String {
        let text = try string(name, countMax: Token.countMax)
        guard Token.isValid(text) else { throw .malformed(line: line) }
        return text
    }

    mutating func choice<T: RawRepresentable<String>>(
        _ name: String,
        of type: T.Type = T.self
    ) throws(SnapshotError) -> T {
        guard let text = try value(name).string else { throw .malformed(line: line) }
        guard let choice = T(rawValue: text) else { throw .unknownField(line: line) }
        return choice
    }

    mutating func integer(
        _ name: String,
        in range: ClosedRange<Int64>
    ) throws(SnapshotError) -> Int64 {
        guard let value = try value(name).integer, range.contains(value) else {
            throw .malformed(line: line)
        }
        return value
    }

    /// A moment in Unix seconds, not before 1970.
    mutating func time(_ name: String) throws(SnapshotError) -> Int64 {
        try integer(name, in: 0...JSONValue.integerMax)
    }

    mutating func optionalTime(_ name: String) throws(SnapshotError) -> Int64? {
        has(name) ? try time(name) : nil
    }

    /// 32 bytes in lower-case hexadecimal.
    mutating func digest(_ name: String) throws(SnapshotError) -> [UInt8] {
        try Self.digest(value(name), line: line)
    }

    mutating func optionalDigest(_ name: String) throws(SnapshotError) -> [UInt8]? {
        has(name) ? try digest(name) : nil
    }

    /// Digests in strictly ascending order.
    mutating func digests(_ name: String, countMax: Int) throws(SnapshotError) -> [[UInt8]] {
        var digests: [[UInt8]] = []
        for element in try array(name, countMax: countMax) {
            let digest = try Self.digest(element, line: line)
            if let last = digests.last, !last.lexicographicallyPrecedes(digest) {
                throw .notCanonical(line: line)
            }
            digests.append(digest)
        }
        return digests
    }

    mutating func array(_ name: String, countMax: Int) throws(SnapshotError) -> [JSONValue] {
        guard let elements = try value(name).array else { throw .malformed(line: line) }
        guard elements.count <= countMax else { throw .tooLarge(line: line) }
        return elements
    }

    /// Words of a closed list in strictly ascending order.
    mutating func choices<T: RawRepresentable<String>>(
        _ name: String,
        of type: T.Type = T.self
    ) throws(SnapshotError) -> [T] {
        var choices: [T] = []
        for element in try array(name, countMax: 64) {
            guard let text = element.string else { throw .malformed(line: line) }
            guard let choice = T(rawValue: text) else { throw .unknownField(line: line) }
            if let last = choices.last, last.rawValue >= text { throw .notCanonical(line: line) }
            choices.append(choice)
        }
        return choices
    }

    /// Words of no closed list, in strictly ascending order.
    mutating func tokens(_ name: String, countMax: Int) throws(SnapshotError) -> [String] {
        let texts = try strings(name, countMax: countMax, byteCountMax: Token.countMax)
        guard texts.allSatisfy({ Token.isValid($0) }) else { throw .malformed(line: line) }
        guard zip(texts, texts.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .notCanonical(line: line)
        }
        return texts
    }

    /// Texts, none of them empty.
    mutating func strings(
        _ name: String,
        countMax: Int,
        byteCountMax: Int
    ) throws(SnapshotError) -> [String] {
        var texts: [String] = []
        for element in try array(name, countMax: countMax) {
            guard let text = element.string, !text.isEmpty else { throw .malformed(line: line) }
            guard text.utf8.count <= byteCountMax else { throw .tooLarge(line: line) }
            texts.append(text)
        }
        return texts
    }

    mutating func account(_ name: String) throws(SnapshotError) -> PlatformAccount {
        var fields = try RecordFields(value(name), line: line)
        let platform = try fields.string("platform", countMax: PlatformAccount.platformCountMax)
        let stableID = try fields.string("id", countMax: PlatformAccount.stableIDCountMax)
        try fields.finish()
        guard let account = PlatformAccount(platform: platform, stableID: stableID) else {
            throw .malformed(line: line)
        }
        return account
    }

    /// The half-open span of validity `since..<until`.
    mutating func validity() throws(SnapshotError) -> Range<Int64> {
        let since = try time("since")
        let until = try time("until")
        guard since < until else { throw .malformed(line: line) }
        return since..<until
    }

    func finish() throws(SnapshotError) {
        guard members.isEmpty else { throw .unknownField(line: line) }
    }

    private static func digest(_ value: JSONValue, line: Int) throws(SnapshotError) -> [UInt8] {
        guard let text = value.string, text.utf8.count == 64 else { throw .malformed(line: line) }
        do {
            return try Hex.decode(text)
        } catch {
            throw .malformed(line: line)
        }
    }
}
