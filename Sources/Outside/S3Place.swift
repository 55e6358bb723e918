// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where in which S3 service objects are.
package struct S3Place: Equatable, Sendable {
    /// Name of the bucket.
    package let bucket: String
    /// What all keys begin with; empty, or ending in a slash.
    package let prefix: String

    /// Reads `s3://BUCKET[/PREFIX]`; nil for a bucket or a prefix that would have to be escaped.
    package init?(_ text: String) {
        guard text.hasPrefix("s3://") else { return nil }
        let parts = text.dropFirst(5).split(
            separator: "/",
            omittingEmptySubsequences: false
        )
        let bucket = parts[0].utf8
        guard (3...63).contains(bucket.count),
            bucket.allSatisfy({ Self.isPlain($0, isUpperAllowed: false) }),
            bucket.first != UInt8(ascii: "."), bucket.last != UInt8(ascii: ".")
        else { return nil }
        var folders = parts.dropFirst()
        if folders.last == "" { folders.removeLast() }
        for folder in folders {
            guard (1...128).contains(folder.utf8.count), folder != ".", folder != "..",
                folder.utf8.allSatisfy({ Self.isPlain($0, isUpperAllowed: true) })
            else { return nil }
        }
        guard folders.count <= 8 else { return nil }
        self.bucket = String(parts[0])
        prefix = folders.map { $0 + "/" }.joined()
    }

    private static func isPlain(_ byte: UInt8, isUpperAllowed: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): isUpperAllowed
        default: false
        }
    }

    /// Reads the URL of a service: `https`, or plain HTTP to this machine.
    ///
    /// - Returns: It without a slash at its end; nil for anything else.
    package static func endpoint(_ text: String) -> String? {
        let url = text.hasSuffix("/") ? String(text.dropLast()) : text
        let scheme = ["https://", "http://"].first { url.hasPrefix($0) }
        guard let scheme else { return nil }
        let host = url.dropFirst(scheme.count)
        guard !host.isEmpty, host.utf8.count <= 253,
            host.utf8.allSatisfy({
                isPlain($0, isUpperAllowed: true) || [0x3a, 0x5b, 0x5d].contains($0)
            })
        else { return nil }
        guard scheme == "http://" else { return url }
        let isHere = ["127.0.0.1", "[::1]", "localhost"].contains {
            host == $0 || host.hasPrefix($0 + ":")
        }
        return isHere ? url : nil
    }
}
