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

    private let scan: JSONScan
    /// Where the object stands in the text.
    private let place: Int
    private var read = MemberSet()

    /// Opens an object.
    ///
    /// - Parameters:
    ///   - value: The object.
    ///   - path: Where it stands, empty for the top.
    /// - Throws: `.wrongType` unless `value` is an object.
    package init(_ value: JSONValue, at path: String = "") throws(StatementError) {
        // What was read from text can be written.
        guard value.object != nil,
            let scan = JSONScan(canonical: value.canonicalBytes, at: path)
        else { throw .wrongType(field: path) }
        try self.init(scan)
    }

    /// Opens the object that a text is.
    ///
    /// - Parameter scan: The text.
    /// - Throws: `.wrongType` unless it is an object.
    init(_ scan: JSONScan) throws(StatementError) {
        try self.init(scan, JSONScan.top)
    }

    private init(_ scan: JSONScan, _ place: Int) throws(StatementError) {
        self.scan = scan
        self.place = place
        guard scan.isObject(at: place) else { throw .wrongType(field: scan.path(of: place)) }
    }

    /// Which members of an object were read, by their numbers.
    private struct MemberSet {
        private var first: UInt64 = 0
        private var others: Set<Int>?
        private(set) var count = 0

        func contains(_ ordinal: Int) -> Bool {
            ordinal < 64
                ? first >> UInt64(ordinal) & 1 == 1 : others?.contains(ordinal) == true
        }

        mutating func insert(_ ordinal: Int) {
            count += 1
            if ordinal < 64 {
                first |= 1 << UInt64(ordinal)
            } else {
                others = (others ?? []).union([ordinal])
            }
        }
    }

    /// Throws if a member was not read.
    ///
    /// - Throws: `.unknownField` with the first name in byte order.
    package func finish() throws(StatementError) {
        let count = scan.count(at: place)
        guard read.count < count else { return }
        var names: [String] = []
        var member = scan.first(in: place)
        for ordinal in 0..<count {
            if !read.contains(ordinal) { names.append(scan.name(at: member)) }
            member = scan.next(after: member)
        }
        if let name = names.min() { throw .unknownField(locate(name)) }
    }

    private func find(_ name: String) -> (ordinal: Int, place: Int)? {
        guard let member = scan.member(name, of: place), !read.contains(member.ordinal) else {
            return nil
        }
        return member
    }

    /// Whether a member of this name is still unread: how optional fields are asked for.
    package func has(_ name: String) -> Bool { find(name) != nil }

    /// The path of a member, for errors.
    func locate(_ name: String) -> String {
        let path = scan.path(of: place)
        return path.isEmpty ? name : "\(path).\(name)"
    }

    /// Steps to a member, which is read by that.
    private mutating func take(_ name: String) throws(StatementError) -> Int {
        guard let member = find(name) else { throw .missingField(locate(name)) }
        read.insert(member.ordinal)
        return member.place
    }

    /// Reads any value, left to the caller to look into.
    ///
    /// - Throws: `.missingField`.
    package mutating func value(_ name: String) throws(StatementError) -> JSONValue {
        scan.value(at: try take(name))
    }

    /// Reads text of at most `countMax` bytes of UTF-8.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func string(
        _ name: String,
        countMax: Int = textCountMax
    ) throws(StatementError) -> String {
        guard let text = scan.string(at: try take(name)) else {
            throw .wrongType(field: locate(name))
        }
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
        guard let value = scan.integer(at: try take(name)) else {
            throw .wrongType(field: locate(name))
        }
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
        guard let value = scan.boolean(at: try take(name)) else {
            throw .wrongType(field: locate(name))
        }
        return value
    }

    /// Reads exactly `count` bytes in lower-case hexadecimal: ids, digests and keys.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func hex(_ name: String, count: Int) throws(StatementError) -> [UInt8] {
        try hex(at: try take(name), count: count)
    }

    private func hex(at place: Int, count: Int) throws(StatementError) -> [UInt8] {
        guard let bytes = scan.hex(at: place, count: count) else {
            throw scan.isString(at: place)
                ? .invalidValue(field: scan.path(of: place))
                : .wrongType(field: scan.path(of: place))
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
        let place = try take(name)
        guard scan.isString(at: place) else { throw .wrongType(field: locate(name)) }
        guard let bytes = scan.base64(at: place, countMax: countMax) else {
            throw .invalidValue(field: locate(name))
        }
        return bytes
    }

    /// Reads an object and finishes it.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.unknownField`, and what `read` throws.
    package mutating func object<T>(
        _ name: String,
        _ read: (inout StatementFields) throws(StatementError) -> T
    ) throws(StatementError) -> T {
        try nested(at: try take(name), read)
    }

    /// Reads an array of objects, as many as `count` allows, and finishes each.
    ///
    /// - Throws: As ``object(_:_:)``, and `.invalidValue` for another count.
    package mutating func objects<T>(
        _ name: String,
        count: ClosedRange<Int>,
        _ read: (inout StatementFields) throws(StatementError) -> T
    ) throws(StatementError) -> [T] {
        try elements(name, count: count) { (fields, place) throws(StatementError) in
            try fields.nested(at: place, read)
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
        try elements(name, count: count) { (fields, place) throws(StatementError) in
            guard let text = fields.scan.string(at: place) else {
                throw .wrongType(field: fields.scan.path(of: place))
            }
            guard text.utf8.count <= countMax else {
                throw .invalidValue(field: fields.scan.path(of: place))
            }
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
        try elements(name, count: count) { (fields, place) throws(StatementError) in
            try fields.hex(at: place, count: byteCount)
        }
    }

    private mutating func elements<T>(
        _ name: String,
        count: ClosedRange<Int>,
        _ read: (StatementFields, Int) throws(StatementError) -> T
    ) throws(StatementError) -> [T] {
        let place = try take(name)
        guard scan.isArray(at: place) else { throw .wrongType(field: locate(name)) }
        guard count.contains(scan.count(at: place)) else {
            throw .invalidValue(field: locate(name))
        }
        var result: [T] = []
        result.reserveCapacity(scan.count(at: place))
        var element = scan.first(in: place)
        for _ in 0..<scan.count(at: place) {
            result.append(try read(self, element))
            element = scan.next(after: element)
        }
        return result
    }

    private func nested<T>(
        at place: Int,
        _ read: (inout StatementFields) throws(StatementError) -> T
    ) throws(StatementError) -> T {
        var fields = try StatementFields(scan, place)
        let result = try read(&fields)
        try fields.finish()
        return result
    }
}
