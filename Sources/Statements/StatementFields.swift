// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// Reads the members of a JSON object once each, by name, and refuses what is left over.
///
/// Every accessor names the field in its error, with the path from the top. An object is read to
/// its end with ``finish()``; nested objects are finished by the accessor that opens them.
///
/// Spec: `docs/spec/statements.md`, section 2.
package struct StatementFields {
    /// The longest text of a field unless its accessor says otherwise, in UTF-8 bytes.
    package static let textCountMax = 1024

    private var members: [String: JSONValue]
    private let path: String

    /// Opens an object.
    ///
    /// - Parameters:
    ///   - value: The object.
    ///   - path: Where it stands, empty for the top.
    /// - Throws: `.wrongType` unless `value` is an object.
    package init(_ value: JSONValue, at path: String = "") throws(StatementError) {
        guard let members = value.object else { throw .wrongType(field: path) }
        self.members = members
        self.path = path
    }

    /// Throws if a member was not read.
    ///
    /// - Throws: `.unknownField` with the first name in byte order.
    package func finish() throws(StatementError) {
        if let name = members.keys.min() { throw .unknownField(locate(name)) }
    }

    /// Whether a member of this name is still unread: how optional fields are asked for.
    package func has(_ name: String) -> Bool { members[name] != nil }

    /// The path of a member, for errors.
    func locate(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private mutating func take(_ name: String) throws(StatementError) -> JSONValue {
        guard let value = members.removeValue(forKey: name) else {
            throw .missingField(locate(name))
        }
        return value
    }

    private mutating func take<T>(
        _ name: String,
        as read: (JSONValue) -> T?
    ) throws(StatementError) -> T {
        guard let value = read(try take(name)) else { throw .wrongType(field: locate(name)) }
        return value
    }

    /// Reads any value, left to the caller to look into.
    ///
    /// - Throws: `.missingField`.
    package mutating func value(_ name: String) throws(StatementError) -> JSONValue {
        try take(name)
    }

    /// Reads text of at most `countMax` bytes of UTF-8.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func string(
        _ name: String,
        countMax: Int = textCountMax
    ) throws(StatementError) -> String {
        let text = try take(name) { $0.string }
        guard text.utf8.count <= countMax else { throw .invalidValue(field: locate(name)) }
        return text
    }

    /// Reads one of several words.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue` for another word.
    package mutating func word<T: RawRepresentable<String>>(
        _ name: String,
        _ type: T.Type = T.self
    ) throws(StatementError) -> T {
        let text = try string(name)
        guard let value = T(rawValue: text) else { throw .invalidValue(field: locate(name)) }
        return value
    }

    /// Reads an integer.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue` outside `range`.
    package mutating func integer(
        _ name: String,
        in range: ClosedRange<Int64>
    ) throws(StatementError) -> Int64 {
        let value = try take(name) { $0.integer }
        guard range.contains(value) else { throw .invalidValue(field: locate(name)) }
        return value
    }

    /// Reads a point in time, in seconds since 1970 (UTC).
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue` before 1970.
    package mutating func time(_ name: String) throws(StatementError) -> Int64 {
        try integer(name, in: 0...JSONValue.integerMax)
    }

    /// Reads a truth value.
    ///
    /// - Throws: `.missingField`, `.wrongType`.
    package mutating func boolean(_ name: String) throws(StatementError) -> Bool {
        try take(name) { $0.boolean }
    }

    /// Reads exactly `count` bytes in lower-case hexadecimal: ids, digests and keys.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func hex(_ name: String, count: Int) throws(StatementError) -> [UInt8] {
        let text = try take(name) { $0.string }
        // Why the text is refused adds nothing to which field it is.
        guard text.utf8.count == 2 * count, let bytes = try? Hex.decode(text) else {
            throw .invalidValue(field: locate(name))
        }
        return bytes
    }

    /// Reads exactly `count` bytes in base64.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func base64(_ name: String, count: Int) throws(StatementError) -> [UInt8] {
        let bytes = try base64(name, countMax: count)
        guard bytes.count == count else { throw .invalidValue(field: locate(name)) }
        return bytes
    }

    /// Reads at most `countMax` bytes in base64 with padding.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func base64(_ name: String, countMax: Int) throws(StatementError) -> [UInt8] {
        let text = try take(name) { $0.string }
        guard text.utf8.count <= (countMax + 2) / 3 * 4,
            let bytes = try? Base64.decode(text), bytes.count <= countMax
        else { throw .invalidValue(field: locate(name)) }
        return bytes
    }

    /// Reads an object and finishes it.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.unknownField`, and what `read` throws.
    package mutating func object<T>(
        _ name: String,
        _ read: (inout StatementFields) throws(StatementError) -> T
    ) throws(StatementError) -> T {
        try Self.read(try take(name), at: locate(name), read)
    }

    /// Reads an array of objects, as many as `count` allows, and finishes each.
    ///
    /// - Throws: As ``object(_:_:)``, and `.invalidValue` for another count.
    package mutating func objects<T>(
        _ name: String,
        count: ClosedRange<Int>,
        _ read: (inout StatementFields) throws(StatementError) -> T
    ) throws(StatementError) -> [T] {
        try elements(name, count: count) { (value, path) throws(StatementError) in
            try Self.read(value, at: path, read)
        }
    }

    /// Reads an array of texts.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func strings(
        _ name: String,
        count: ClosedRange<Int>,
        countMax: Int = textCountMax
    ) throws(StatementError) -> [String] {
        try elements(name, count: count) { (value, path) throws(StatementError) in
            guard let text = value.string else { throw .wrongType(field: path) }
            guard text.utf8.count <= countMax else { throw .invalidValue(field: path) }
            return text
        }
    }

    /// Reads an array of byte strings of `count` bytes each in lower-case hexadecimal.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func hexList(
        _ name: String,
        count: ClosedRange<Int>,
        byteCount: Int
    ) throws(StatementError) -> [[UInt8]] {
        try elements(name, count: count) { (value, path) throws(StatementError) in
            guard let text = value.string else { throw .wrongType(field: path) }
            guard text.utf8.count == 2 * byteCount, let bytes = try? Hex.decode(text) else {
                throw .invalidValue(field: path)
            }
            return bytes
        }
    }

    private mutating func elements<T>(
        _ name: String,
        count: ClosedRange<Int>,
        _ read: (JSONValue, String) throws(StatementError) -> T
    ) throws(StatementError) -> [T] {
        let values = try take(name) { $0.array }
        let path = locate(name)
        guard count.contains(values.count) else { throw .invalidValue(field: path) }
        var result: [T] = []
        result.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            result.append(try read(value, "\(path)[\(index)]"))
        }
        return result
    }

    private static func read<T>(
        _ value: JSONValue,
        at path: String,
        _ read: (inout StatementFields) throws(StatementError) -> T
    ) throws(StatementError) -> T {
        var fields = try StatementFields(value, at: path)
        let result = try read(&fields)
        try fields.finish()
        return result
    }
}
