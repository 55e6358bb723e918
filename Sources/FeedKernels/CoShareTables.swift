// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The tables of a co-share network as CSV, in the columns of CooRTweet.
package struct CoShareTables: Sendable {
    private static let rowCount = 1 << 13
    private static let blockCount = 16

    let found: CoSharePairs
    let network: CoShareEdges
    private let fast: CoShareFast?
    private let cores: Cores

    /// Prepares to write what was found, and which of it is fast if that was asked for.
    package init(
        _ found: CoSharePairs,
        _ network: CoShareEdges,
        fast: CoShareFast? = nil,
        cores: Cores
    ) {
        self.fast = fast
        self.found = found
        self.network = network
        self.cores = cores
    }

    /// Writes the pairs, in byte order of object, older content and newer content.
    ///
    /// - Complexity: O(p) for p pairs, if contents differ in their first eight bytes.
    package func writePairs<Fault: Error>(
        to sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        let shares = found.shares
        let order = pairOrder()
        let columns = [
            "object_id", "account_id", "account_id_y", "content_id", "content_id_y", "time_delta",
        ]
        let fastColumns = fast.map { ["time_window_\($0.windowSeconds)"] } ?? []
        try write(columns + fastColumns, count: order.count, to: sink) { index, writer in
            let pair = found.pairs[Int(order[index])]
            let older = Int(pair.older)
            let newer = Int(pair.newer)
            writer.append(shares.objects[shares.object[older]])
            writer.comma()
            writer.append(shares.accounts[shares.account[older]])
            writer.comma()
            writer.append(shares.accounts[shares.account[newer]])
            writer.comma()
            writer.append(shares.contents[shares.content[older]])
            writer.comma()
            writer.append(shares.contents[shares.content[newer]])
            writer.comma()
            writer.append(found.delay(pair))
            if let fast {
                writer.comma()
                writer.append(Int64(fast.isFast[Int(order[index])] ? 1 : 0))
            }
        }
    }

    /// Writes the edges in canonical order: the lesser account first, rows in byte order.
    package func writeEdges<Fault: Error>(
        to sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        let accounts = found.shares.accounts
        let columns = [
            "from", "to", "weight", "avg_time_delta", "n_content_id", "n_content_id_y",
            "edge_symmetry_score", "weight_threshold",
        ]
        try write(
            fast == nil ? columns : Self.fastEdgeColumns,
            count: network.edges.count,
            to: sink
        ) { index, writer in
            let edge = network.edges[index]
            writer.append(accounts[edge.from])
            writer.comma()
            writer.append(accounts[edge.to])
            if let fast { return append(edge, fast, to: &writer) }
            writer.comma()
            writer.append(Int64(edge.weight))
            writer.comma()
            writer.append(edge.averageDelay)
            writer.comma()
            writer.append(Int64(edge.olderContentCount))
            writer.comma()
            writer.append(Int64(edge.newerContentCount))
            writer.comma()
            writer.append(edge.symmetry)
            writer.comma()
            writer.append(Int64(network.isStrong(edge) ? 1 : 0))
        }
    }

    /// Writes the accounts' statistics.
    package func writeAccountStatistics<Fault: Error>(
        to sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        if let fast { return try writeFastAccountStatistics(fast, to: sink) }
        let statistics = network.accountStatistics(of: found)
        try write(
            ["account_id", "avg_time_delta", "avg_edge_symmetry_score", "unique_shares_count"],
            count: statistics.count,
            to: sink
        ) { index, writer in
            let row = statistics[index]
            writer.append(found.shares.accounts[row.account])
            writer.comma()
            writer.append(row.averageDelay)
            writer.comma()
            writer.append(row.averageSymmetry)
            writer.comma()
            writer.append(Int64(row.contentCount))
        }
    }

    private func writeFastAccountStatistics<Fault: Error>(
        _ fast: CoShareFast,
        to sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        let statistics = network.accountStatistics(of: found, fast)
        try write(Self.fastAccountColumns, count: statistics.count, to: sink) { index, writer in
            writer.append(found.shares.accounts[statistics[index].account])
            append(statistics[index], to: &writer)
        }
    }

    /// Writes the objects' statistics.
    package func writeObjectStatistics<Fault: Error>(
        to sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        let statistics = network.objectStatistics(of: found)
        try write(["object_id", "num_accounts"], count: statistics.count, to: sink) {
            index,
            writer in
            writer.append(found.shares.objects[statistics[index].object])
            writer.comma()
            writer.append(Int64(statistics[index].accountCount))
        }
    }

    /// Formats rows in parallel, and hands them to the sink in order.
    func write<Fault: Error>(
        _ columns: [String],
        count: Int,
        to sink: ([UInt8]) throws(Fault) -> Void,
        row: @Sendable (Int, inout CSVWriter) -> Void
    ) throws(Fault) {
        var header = CSVWriter()
        header.record(columns)
        try sink(header.bytes)
        var first = 0
        while first < count {
            let start = first
            let left = (count - start + Self.rowCount - 1) / Self.rowCount
            let blocks = cores.map(min(Self.blockCount, left)) { block in
                var writer = CSVWriter()
                let blockStart = start + block * Self.rowCount
                for index in blockStart..<min(count, blockStart + Self.rowCount) {
                    row(index, &writer)
                    writer.endRecord()
                }
                return writer.bytes
            }
            for block in blocks { try sink(block) }
            first += Self.rowCount * Self.blockCount
        }
    }

    /// Pair numbers in byte order of their object and contents.
    private func pairOrder() -> [UInt32] {
        let shares = found.shares
        let ranks = cores.map(2) { column in
            let table = column == 0 ? shares.contents : shares.objects
            let ids = column == 0 ? shares.content : shares.object
            var isPaired = [Bool](repeating: false, count: table.count)
            for pair in found.pairs {
                isPaired[Int(ids[Int(pair.older)])] = true
                isPaired[Int(ids[Int(pair.newer)])] = true
            }
            return table.ranks(where: isPaired).ranks
        }
        var order = Array(0..<UInt32(found.pairs.count))
        var keys = found.pairs.map { pair in
            UInt64(ranks[0][Int(shares.content[Int(pair.older)])]) << 32
                | UInt64(ranks[0][Int(shares.content[Int(pair.newer)])])
        }
        RadixSort.sort(&keys, with: &order)
        for (index, pair) in order.enumerated() {
            let object = shares.object[Int(found.pairs[Int(pair)].older)]
            keys[index] = UInt64(ranks[1][Int(object)])
        }
        RadixSort.sort(&keys, with: &order)
        return order
    }
}
