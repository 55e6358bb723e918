// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A JSON document of strings, integers, booleans, arrays and objects.
///
/// It is what signed statements are made of. Floats and `null` do not exist here, since both have
/// several ways to be written.
///
/// Spec: RFC 8785 (JSON Canonicalization Scheme), with I-JSON integers (RFC 7493, section 2.2).
package enum JSONValue: Sendable {
    case string(String)
    /// At most 2^53 − 1 in magnitude.
    case integer(Int64)
    case boolean(Bool)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The largest magnitude of an integer that every JSON reader keeps exactly.
    package static let integerMax: Int64 = (1 << 53) - 1
    /// The longest text that is parsed unless another limit is given, in bytes.
    package static let byteCountMax = 16 << 20
    /// The deepest nesting that is parsed.
    package static let depthMax = 32

    /// Parses any valid JSON text within the limits, white space and escapes included.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - limit: The longest text that is parsed, in bytes.
    /// - Throws: An ``EncodingError`` with the offset of the first offending byte.
    /// - Complexity: O(n).
    package init(
        parsing bytes: [UInt8],
        limit: Int = byteCountMax
    ) throws(EncodingError) {
        guard bytes.count <= limit else { throw .tooLong(limit: limit) }
        var parser = JSONParser(bytes)
        self = try parser.parseDocument()
    }

    /// Parses canonical text, and refuses any other text of the same document.
    ///
    /// - Throws: As ``init(parsing:limit:)``, and `.notCanonical`.
    package init(canonical bytes: [UInt8]) throws(EncodingError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(limit: Self.byteCountMax) }
        var parser = JSONParser(bytes)
        self = try parser.parseDocument()
        // Written again only where the text left a doubt: most have none.
        guard parser.isSurelyCanonical || canonicalBytes == bytes else { throw .notCanonical }
    }

    /// The one canonical text: no white space, members sorted by UTF-16 code units, shortest
    /// escapes.
    ///
    /// Spec: RFC 8785, section 3.2.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// The canonical text as a string.
    package var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

    func append(to bytes: inout [UInt8]) {
        switch self {
        case .string(let text): Self.append(text, to: &bytes)
        case .integer(let value):
            precondition(value.magnitude <= Self.integerMax.magnitude, "an I-JSON integer")
            bytes += Array(String(value).utf8)
        case .boolean(let value): bytes += Array((value ? "true" : "false").utf8)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            // For ASCII, the order of UTF-16 is that of bytes: Swift's own, and much faster.
            let isPlain = members.keys.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
            let sorted = members.sorted {
                isPlain
                    ? $0.key < $1.key : Self.stands($0.key, before: $1.key)
            }
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in sorted.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// RFC 8785, section 3.2.3.
    static func stands(_ name: String, before other: String) -> Bool {
        name.utf16.lexicographicallyPrecedes(other.utf16)
    }

    /// RFC 8785, section 3.2.2.2.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        let isPlain = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe bytes.allSatisfy {
                $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
        }
        if isPlain == true {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x08: bytes += Array("\\b".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0x0a: bytes += Array("\\n".utf8)
            case 0x0c: bytes += Array("\\f".utf8)
            case 0x0d: bytes += Array("\\r".utf8)
            case 0x00..<0x20: bytes += Array("\\u00\(Hex.encode([byte]))".utf8)
            default: bytes.append(byte)
            }
        }
    }
}

extension JSONValue: Equatable {
    /// Equality of the canonical texts.
    ///
    /// Swift's own string equality would take two spellings of an
    /// accented letter for one.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        left.canonicalBytes == right.canonicalBytes
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
}

extension JSONValue {
    /// The string, if this is one.
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The integer, if this is one.
    package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    /// The truth value, if this is one.
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    /// The elements, if this is an array.
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The members, if this is an object.
    package var object: [String: JSONValue]? {
        if case .object(let value) = self { value } else { nil }
    }
    /// The member called `name`, if this is an object that has one.
    package subscript(_ name: String) -> JSONValue? { object?[name] }
}
