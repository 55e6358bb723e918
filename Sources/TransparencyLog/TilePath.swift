// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where a tile or an entry bundle lies below a log's prefix.
///
/// Spec: C2SP `tlog-tiles`: `tile/<L>/<N>[.p/<W>]`, `tile/entries/<N>[.p/<W>]`.
package struct TilePath: Hashable, Sendable {
    /// Hashes in a full tile, entries in a full bundle.
    package static let fullWidth = 256
    /// Highest tile level that a path can name.
    package static let levelMax = 63

    /// What a tile holds.
    package enum Content: Hashable, Sendable {
        /// Hashes of subtrees of 256^level leaves.
        case hashes(level: Int)
        /// Entries themselves.
        case entries
    }

    /// What the tile holds.
    package let content: Content
    /// Position from the left among tiles of the same content.
    package let number: UInt64
    /// Hashes or entries in it, 1...256; below 256 the tile is partial.
    package let width: Int

    /// The tile at a position.
    package init(_ content: Content, number: UInt64, width: Int = fullWidth) {
        precondition((1...Self.fullWidth).contains(width), "tiles are never empty")
        self.content = content
        self.number = number
        self.width = width
    }

    /// The tile at a position as a tree of `size` leaves has it.
    ///
    /// - Returns: Nil when that tree has no hash in it.
    package init?(_ content: Content, number: UInt64, size: UInt64) {
        let count = Self.count(content, size: size)
        let full = count / UInt64(Self.fullWidth)
        if number < full {
            self.init(content, number: number)
        } else if number == full, count % UInt64(Self.fullWidth) != 0 {
            self.init(content, number: number, width: Int(count % UInt64(Self.fullWidth)))
        } else {
            return nil
        }
    }

    /// How many hashes all tiles of a level hold together, or entries all bundles.
    package static func count(_ content: Content, size: UInt64) -> UInt64 {
        switch content {
        case .entries: size
        // Shifting by 64 or more gives zero, as it should.
        case .hashes(let level): size >> UInt64(8 * level)
        }
    }

    /// The full tile at the same position.
    package var full: TilePath { TilePath(content, number: number) }

    /// Whether hashes or entries are missing to fill the tile.
    package var isPartial: Bool { width < Self.fullWidth }

    /// Path of the directory that holds the partial tiles of this position.
    package var partialDirectory: String { full.path + ".p" }

    /// The path, without a leading slash.
    package var path: String {
        var groups: [String] = []
        var rest = number
        repeat {
            let digits = String(rest % 1000)
            let padded = String(repeating: "0", count: 3 - digits.utf8.count) + digits
            groups.append(groups.isEmpty ? padded : "x" + padded)
            rest /= 1000
        } while rest > 0
        let kind =
            switch content {
            case .entries: "entries"
            case .hashes(let level): String(level)
            }
        let path = "tile/\(kind)/" + groups.reversed().joined(separator: "/")
        return isPartial ? path + ".p/\(width)" : path
    }

    /// Reads a path.
    ///
    /// - Throws: `.malformedTilePath` for anything that would not be written the same.
    package init(parsing path: String) throws(TransparencyLogError) {
        var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // The longest number has 7 groups; limits come first.
        guard path.utf8.count <= 64, parts.count >= 3, parts[0].elementsEqual("tile".utf8) else {
            throw .malformedTilePath
        }
        let content: Content
        if parts[1].elementsEqual("entries".utf8) {
            content = .entries
        } else if let level = Decimal.parse(parts[1]), level <= UInt64(Self.levelMax) {
            content = .hashes(level: Int(level))
        } else {
            throw .malformedTilePath
        }
        var width = Self.fullWidth
        let beforeLast = parts[parts.count - 2]
        if parts.count >= 4, beforeLast.suffix(2).elementsEqual(".p".utf8) {
            let last = parts.removeLast()
            guard let value = Decimal.parse(last), (1..<UInt64(Self.fullWidth)).contains(value)
            else { throw .malformedTilePath }
            width = Int(value)
            parts[parts.count - 1] = beforeLast.dropLast(2)
        }
        self.init(content, number: try Self.parseNumber(parts.dropFirst(2)), width: width)
        // Catches superfluous leading groups.
        guard self.path.utf8.elementsEqual(path.utf8) else { throw .malformedTilePath }
    }

    private static func parseNumber(
        _ groups: ArraySlice<Substring.UTF8View>
    ) throws(TransparencyLogError) -> UInt64 {
        var number: UInt64 = 0
        for (offset, group) in groups.enumerated() {
            var digits = Array(group)
            if offset < groups.count - 1 {
                guard digits.first == UInt8(ascii: "x") else { throw .malformedTilePath }
                digits.removeFirst()
            }
            guard digits.count == 3 else { throw .malformedTilePath }
            for digit in digits {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else {
                    throw .malformedTilePath
                }
                let (product, productOverflows) = number.multipliedReportingOverflow(by: 10)
                let (sum, sumOverflows) = product.addingReportingOverflow(
                    UInt64(digit - UInt8(ascii: "0"))
                )
                if productOverflows || sumOverflows { throw .malformedTilePath }
                number = sum
            }
        }
        return number
    }
}
