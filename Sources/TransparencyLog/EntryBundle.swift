// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// The entries of one bundle: for each its length in two bytes, then the entry.
///
/// Spec: C2SP `tlog-tiles`.
package enum EntryBundle {
    /// Longest entry, because its length is written in 16 bits.
    package static let entryCountMax = 65_535

    /// Appends one entry to a bundle.
    ///
    /// - Throws: `.entryTooLong`.
    package static func append(
        _ entry: [UInt8],
        to bundle: inout [UInt8]
    ) throws(TransparencyLogError) {
        guard entry.count <= entryCountMax else { throw .entryTooLong(limit: entryCountMax) }
        bundle.append(UInt8(entry.count >> 8))
        bundle.append(UInt8(entry.count & 0xff))
        bundle.append(contentsOf: entry)
    }

    /// Reads a bundle.
    ///
    /// - Parameters:
    ///   - bytes: The whole bundle.
    ///   - width: How many entries its path promises, 1...256.
    /// - Returns: The entries.
    /// - Throws: `.malformedBundle` unless it holds exactly so many.
    package static func parse(
        _ bytes: [UInt8],
        width: Int
    ) throws(TransparencyLogError) -> [[UInt8]] {
        var reader = ByteReader(bytes)
        var entries: [[UInt8]] = []
        do {
            for _ in 0..<width {
                let count = try reader.readInteger(UInt16.self)
                entries.append(Array(try reader.read(Int(count))))
            }
            try reader.requireEnd()
        } catch {
            throw .malformedBundle(offset: reader.offset)
        }
        return entries
    }
}
