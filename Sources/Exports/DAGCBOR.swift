// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// DAG-CBOR, the bytes that AT Protocol signs.
///
/// Spec: IPLD's DAG-CBOR: CBOR (RFC 8949) in shortest form, definite lengths, keys of maps by
/// length and then by bytes.
package enum DAGCBOR {
    private enum Major: UInt8 {
        case unsigned = 0
        case negative = 1
        case text = 3
        case array = 4
        case map = 5
    }

    /// Encodes a document of strings, integers, booleans, arrays and objects.
    ///
    /// - Complexity: O(n log n) in the members of the largest object.
    package static func encode(_ value: JSONValue) -> [UInt8] {
        switch value {
        case .string(let text): return head(.text, UInt64(text.utf8.count)) + Array(text.utf8)
        case .integer(let number):
            return number >= 0
                ? head(.unsigned, UInt64(number)) : head(.negative, UInt64(-(number + 1)))
        case .boolean(let isTrue): return [isTrue ? 0xf5 : 0xf4]
        case .array(let elements):
            return head(.array, UInt64(elements.count)) + elements.flatMap(encode)
        case .object(let members):
            let keyed = members.map { (key: Array($0.key.utf8), value: $0.value) }.sorted {
                $0.key.count == $1.key.count
                    ? $0.key.lexicographicallyPrecedes($1.key) : $0.key.count < $1.key.count
            }
            return head(.map, UInt64(keyed.count))
                + keyed.flatMap { head(.text, UInt64($0.key.count)) + $0.key + encode($0.value) }
        }
    }

    /// The type and the shortest form of its argument (RFC 8949, section 3).
    private static func head(_ major: Major, _ argument: UInt64) -> [UInt8] {
        let type = major.rawValue << 5
        switch argument {
        case 0..<24: return [type | UInt8(argument)]
        case 24..<1 << 8: return [type | 24, UInt8(argument)]
        case 1 << 8..<1 << 16: return [type | 25] + bytes(argument, 2)
        case 1 << 16..<1 << 32: return [type | 26] + bytes(argument, 4)
        default: return [type | 27] + bytes(argument, 8)
        }
    }

    private static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
}
