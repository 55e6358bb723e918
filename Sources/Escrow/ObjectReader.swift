// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// Reads the members of one JSON object; what it does not ask for is refused.
struct ObjectReader {
    /// The longest JSON text of an escrow object: 255 trustees need 110 KiB.
    static let byteCountMax = 256 << 10

    private var members: [String: JSONValue]

    /// Opens an object that names its own type, or a nested one that does not.
    init(_ json: JSONValue, type: String?) throws(EscrowError) {
        guard case .object(let members) = json else { throw .malformed(EscrowPlace(.object)) }
        self.members = members
        if let type {
            guard self.members.removeValue(forKey: "type")?.string == type else {
                throw .wrongType
            }
        }
    }

    /// Parses the text of a file; white space is free there, the object's content is not.
    static func parse(_ text: [UInt8]) throws(EscrowError) -> JSONValue {
        guard text.count <= byteCountMax else { throw .malformed(EscrowPlace(.object)) }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw .malformed(EscrowPlace(.object))
        }
    }

    mutating func integer(
        _ field: EscrowField,
        in range: ClosedRange<Int64>
    ) throws(EscrowError) -> Int64 {
        guard let value = members.removeValue(forKey: field.rawValue)?.integer,
            range.contains(value)
        else { throw .malformed(EscrowPlace(field)) }
        return value
    }

    mutating func bytes(_ field: EscrowField) throws(EscrowError) -> [UInt8] {
        guard let value = members.removeValue(forKey: field.rawValue) else {
            throw .malformed(EscrowPlace(field))
        }
        return try Self.bytes(value, at: EscrowPlace(field))
    }

    mutating func list(
        _ field: EscrowField,
        countMax: Int
    ) throws(EscrowError) -> [JSONValue] {
        guard let list = members.removeValue(forKey: field.rawValue)?.array,
            list.count <= countMax
        else { throw .malformed(EscrowPlace(field)) }
        return list
    }

    mutating func elements(
        _ field: EscrowField,
        countMax: Int
    ) throws(EscrowError) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for (index, value) in try list(field, countMax: countMax).enumerated() {
            result.append(try Self.bytes(value, at: EscrowPlace(field, index)))
        }
        return result
    }

    func requireEnd() throws(EscrowError) {
        guard members.isEmpty else { throw .unknownMember }
    }

    private static func bytes(
        _ value: JSONValue,
        at place: EscrowPlace
    ) throws(EscrowError) -> [UInt8] {
        guard let text = value.string else { throw .malformed(place) }
        do {
            return try Hex.decode(text)
        } catch {
            throw .malformed(place)
        }
    }
}

extension JSONValue {
    /// Lower-case hexadecimal.
    static func hex(_ bytes: [UInt8]) -> JSONValue { .string(Hex.encode(bytes)) }
}
