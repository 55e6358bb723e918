// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Headers and padding of a POSIX pax archive.
///
/// Owner, time and permissions are constants: they would tell about the machine, and the true ones
/// stand in `evidence.json`.
///
/// Spec: POSIX.1-2017, `pax`, "ustar Interchange Format" and "pax Header Block";
/// `docs/spec/vault.md`, section 2.
package enum TarWriter {
    /// Bytes in a block.
    package static let blockCount = 512
    /// What ends an archive: two blocks of zeros.
    package static let end = [UInt8](repeating: 0, count: 2 * blockCount)
    /// The largest size that eleven octal digits hold.
    static let octalSizeMax: UInt64 = 0o777_7777_7777

    /// What an entry is.
    package enum Kind: UInt8, Sendable {
        case file = 0x30  // "0"
        case directory = 0x35  // "5"
        case extendedHeader = 0x78  // "x"
    }

    /// The blocks before the content of an entry.
    ///
    /// A plain header is written where it can hold name and size. Otherwise an extended header with
    /// `path` and `size` goes before it; a name that is not UTF-8 stands there as its bytes.
    ///
    /// - Parameters:
    ///   - path: Bytes without NUL; a directory ends in a slash.
    ///   - sizeBytes: 0 for a directory.
    ///   - kind: File or directory.
    /// - Returns: One block, or three and more.
    package static func header(path: [UInt8], sizeBytes: UInt64, kind: Kind) -> [UInt8] {
        precondition(!path.isEmpty && !path.contains(0), "an entry has a name")
        let isPlainName = path.count <= 100 && path.allSatisfy { (0x20...0x7e).contains($0) }
        if isPlainName && sizeBytes <= octalSizeMax {
            return block(name: path, sizeBytes: sizeBytes, kind: kind)
        }
        var records: [UInt8] = []
        if !isPlainName { records += record("path", path) }
        if sizeBytes > octalSizeMax { records += record("size", Array(String(sizeBytes).utf8)) }
        let extended = block(
            name: Array("PaxHeaders/entry".utf8),
            sizeBytes: UInt64(records.count),
            kind: .extendedHeader
        )
        let name = isPlainName ? path : Array("original/_".utf8)
        let plain = block(
            name: name,
            sizeBytes: sizeBytes > octalSizeMax ? 0 : sizeBytes,
            kind: kind
        )
        return extended + records + padding(after: UInt64(records.count)) + plain
    }

    /// Zeros from the end of a content to the end of its last block.
    package static func padding(after sizeBytes: UInt64) -> [UInt8] {
        [UInt8](repeating: 0, count: (blockCount - Int(sizeBytes % 512)) % blockCount)
    }

    /// One record of an extended header: `LENGTH KEY=VALUE` and a line feed, its own length
    /// included.
    static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body = Array(" \(key)=".utf8) + value + [0x0a]
        var length = body.count
        while true {
            let digits = Array(String(length).utf8)
            if digits.count + body.count == length { return digits + body }
            length = digits.count + body.count
        }
    }

    private static func block(name: [UInt8], sizeBytes: UInt64, kind: Kind) -> [UInt8] {
        precondition(name.count <= 100 && sizeBytes <= octalSizeMax, "fits a plain header")
        var block = [UInt8](repeating: 0, count: blockCount)
        func put(_ bytes: [UInt8], at offset: Int) {
            block.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        }
        let mode: UInt64 = kind == .directory ? 0o755 : 0o644
        put(name, at: 0)
        put(octal(mode, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)  // owner
        put(octal(0, digits: 7), at: 116)  // group
        put(octal(sizeBytes, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)  // time of last change
        block[156] = kind.rawValue
        put(Array("ustar\u{0}00".utf8), at: 257)
        // The sum is taken with spaces where it will stand.
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        let sum = block.reduce(into: UInt64(0)) { $0 += UInt64($1) }
        put(octal(sum, digits: 6) + [0x00, 0x20], at: 148)
        return block
    }

    /// Octal digits, filled with zeros.
    private static func octal(_ value: UInt64, digits: Int) -> [UInt8] {
        let text = Array(String(value, radix: 8).utf8)
        precondition(text.count <= digits, "a value that fits its field")
        return [UInt8](repeating: 0x30, count: digits - text.count) + text
    }
}
