// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a handle looks like without its numbers.
///
/// Spec: `docs/spec/account-signals.md`, section 4.
enum HandleTemplate {
    /// Fewest characters beside numbers: less is no name.
    static let nameCountMin = 3

    /// A handle in lower case (ASCII), without `@` before it and without the server after it.
    static func plain(_ handle: String) -> String {
        let bytes =
            handle.utf8.first == UInt8(ascii: "@") ? handle.utf8.dropFirst() : handle.utf8[...]
        let name = bytes.prefix { $0 != UInt8(ascii: "@") }
        return String(
            decoding: name.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 },
            as: UTF8.self
        )
    }

    /// A plain handle with `#` for each number; `nil` without any, or with too little besides.
    static func of(_ plain: String) -> String? {
        var template: [Unicode.Scalar] = []
        var hasNumber = false
        for scalar in plain.unicodeScalars {
            guard ("0"..."9").contains(scalar) else {
                template.append(scalar)
                continue
            }
            hasNumber = true
            if template.last != "#" { template.append("#") }
        }
        guard hasNumber, template.count(where: { $0 != "#" }) >= nameCountMin else { return nil }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: template)
        return String(text)
    }

    /// How many digits a plain handle ends with.
    static func digitCount(_ plain: String) -> Int {
        plain.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
    }
}
