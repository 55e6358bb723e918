// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// JSON as people edit it: a line for each member, in canonical order.
enum IndentedJSON {
    static func bytes(of value: JSONValue) -> [UInt8] {
        Array((text(of: value, indent: "") + "\n").utf8)
    }

    private static func text(of value: JSONValue, indent: String) -> String {
        let deeper = indent + "  "
        switch value {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { deeper + text(of: $0, indent: deeper) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.sorted { $0.key < $1.key }.map { key, value in
                let name = JSONValue.string(key).canonicalText
                return deeper + name + ": " + text(of: value, indent: deeper)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default: return value.canonicalText
        }
    }
}
