// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The edges of a table that a rule wrote, between accounts, whatever their direction.
///
/// Spec: `docs/spec/communities.md`, section 1.
package struct EdgeTable: Sendable {
    /// The longest table, in bytes.
    package static let byteCountMax = 2 << 30
    /// The heaviest edge: sums of whole numbers stay exact below it.
    package static let weightMax = 9_007_199_254_740_992.0
    /// What rules call the two accounts and the weight; the first of each that is there is taken.
    private static let columns = [
        ["from", "source", "account_id"], ["to", "target", "account_id_y"],
        ["weight", "weight_full", "similarity"],
    ]

    /// The accounts with edges, in byte order of their identifiers.
    package private(set) var accounts: [[UInt8]] = []
    /// The edges between indices of ``accounts``, the lower one first, in their order, none twice.
    package private(set) var edges: [WeightedGraph.Edge] = []

    /// Reads a table.
    ///
    /// - Parameter bytes: CSV. Rows of the kind `none`, and accounts' edges with themselves, are
    ///   left out.
    /// - Throws: `.csv`, `.missingColumns`, `.emptyFile`, `.tooManyIdentifiers`.
    /// - Complexity: O(n) for n bytes, and the sorting of accounts.
    package init(_ bytes: [UInt8]) throws(FeedKernelError) {
        var rows = try Rows(bytes)
        var interner = Interner()
        var ends: [(UInt32, UInt32)] = []
        var weights: [Double] = []
        while let row = try rows.next() {
            let from = try interner.intern(row.from)
            let to = try interner.intern(row.to)
            guard from != to, row.isEdge else { continue }
            ends.append((from, to))
            weights.append(row.weight)
        }
        var isJoined = [Bool](repeating: false, count: interner.table.count)
        for end in ends {
            isJoined[Int(end.0)] = true
            isJoined[Int(end.1)] = true
        }
        let (ranks, ids) = interner.table.ranks(where: isJoined)
        accounts = ids.map { Array(interner.table[$0]) }
        var keys = ends.map { end in
            let places = (ranks[Int(end.0)], ranks[Int(end.1)])
            return UInt64(min(places.0, places.1)) << 32 | UInt64(max(places.0, places.1))
        }
        var order = Array(0..<UInt32(keys.count))
        RadixSort.sort(&keys, with: &order)
        var first = 0
        while first < keys.count {
            var last = first
            var weight = 0.0
            while last < keys.count, keys[last] == keys[first] {
                weight += weights[Int(order[last])]
                last += 1
            }
            let from = UInt32(keys[first] >> 32)
            let to = UInt32(truncatingIfNeeded: keys[first])
            edges.append(WeightedGraph.Edge(from: from, to: to, weight: weight))
            first = last
        }
    }

    /// What a row says.
    private struct Row {
        var from: [UInt8] = []
        var to: [UInt8] = []
        var weight = 0.0
        var isEdge = true
    }

    /// The rows of a table, one after the other.
    private struct Rows {
        private var scanner: CSVScanner
        /// For each column which part of a row it is; 3 is the kind.
        private var parts: [Int?] = []

        init(_ bytes: [UInt8]) throws(FeedKernelError) {
            let mark: [UInt8] = [0xef, 0xbb, 0xbf]
            scanner = CSVScanner(bytes, from: bytes.starts(with: mark) ? mark.count : 0)
            scanner.skipEmptyLines()
            guard !scanner.isAtEnd else { throw .emptyFile }
            var header: [String] = []
            var isEnded = false
            while !isEnded {
                let field = try read()
                header.append(String(decoding: content(field), as: UTF8.self))
                isEnded = field.isLast
            }
            parts = [Int?](repeating: nil, count: header.count)
            var missing: [String] = []
            for (part, names) in EdgeTable.columns.enumerated() {
                if let place = names.lazy.compactMap({ header.firstIndex(of: $0) }).first {
                    parts[place] = part
                } else {
                    missing.append(names[0])
                }
            }
            guard missing.isEmpty else { throw .missingColumns(missing) }
            if let place = header.firstIndex(of: "kind") { parts[place] = 3 }
        }

        mutating func next() throws(FeedKernelError) -> Row? {
            scanner.skipEmptyLines()
            guard !scanner.isAtEnd else { return nil }
            let line = scanner.line
            var row = Row()
            for (place, part) in parts.enumerated() {
                let column = scanner.column(of: scanner.position)
                let field = try read()
                guard field.isLast == (place == parts.count - 1) else {
                    throw .csv(
                        CSVFault(line: line, column: column, expected: .fieldCount(parts.count))
                    )
                }
                func fault(_ name: String, _ expected: CSVFault.Expectation) -> FeedKernelError {
                    .csv(CSVFault(line: line, column: column, field: name, expected: expected))
                }
                switch part {
                case 0, 1:
                    guard !field.isEmpty else { throw fault("account", .identifier) }
                    if part == 0 {
                        row.from = Array(content(field))
                    } else {
                        row.to = Array(content(field))
                    }
                case 2:
                    let text = String(decoding: content(field), as: UTF8.self)
                    guard let weight = Double(text), weight > 0, weight <= EdgeTable.weightMax
                    else { throw fault("weight", .weight(limit: EdgeTable.weightMax)) }
                    row.weight = weight
                case 3: row.isEdge = !content(field).elementsEqual("none".utf8)
                default: break
                }
            }
            return row
        }

        private func content(_ field: CSVField) -> ArraySlice<UInt8> {
            scanner.bytes[field.start..<field.end]
        }

        private mutating func read() throws(FeedKernelError) -> CSVField {
            do throws(CSVFault) {
                return try scanner.nextField()
            } catch {
                throw .csv(error)
            }
        }
    }
}
