// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// Who accounts are, as somebody wrote it down: officials, parties, newsrooms.
///
/// A table with the columns `account_id` and `class`; an account stands in it once. Spec:
/// `docs/spec/trends.md`, section 2.
package struct ActorClasses: Sendable {
    /// The class of accounts that nobody classed.
    package static let other = "other"
    /// The class whose part is told by itself.
    package static let official = "official"
    /// The longest file, in bytes, and the longest class.
    package static let byteCountMax = 64 << 20
    package static let nameCountMax = 32

    private var classes: [String: String] = [:]

    /// Nobody is classed.
    package init() {}

    /// Reads a table.
    ///
    /// - Throws: `.input` with line and column of what is wrong.
    /// - Complexity: O(n).
    package init(csv bytes: [UInt8]) throws(FeedError) {
        try RecordFields.forEach(in: bytes, requiring: ["account_id", "class"]) {
            fields throws(CSVFault) in
            let account = try fields.identifier("account_id")
            let name = fields.text("class") ?? ""
            guard Self.isName(name), classes.updateValue(name, forKey: account) == nil else {
                throw fields.fault("class", .identifier)
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...nameCountMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
            }
    }

    /// The class of an account.
    package subscript(account: String) -> String { classes[account] ?? Self.other }
}
