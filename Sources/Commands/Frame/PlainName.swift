// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Names that stand in paths and addresses as they are: letters a–z, digits and hyphens.
enum PlainName {
    private static let countMax = 64

    /// Whether `text` is such a name.
    static func isOne(_ text: some StringProtocol) -> Bool {
        (1...countMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }
}
