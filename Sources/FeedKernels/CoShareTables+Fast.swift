// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The tables of two windows, in the columns of CooRTweet's `fast_net = TRUE`.
extension CoShareTables {
    static let fastEdgeColumns = [
        "from", "to", "weight_full", "weight_fast", "avg_time_delta_full", "avg_time_delta_fast",
        "n_content_id_full", "n_content_id_y_full", "n_content_id_fast", "n_content_id_y_fast",
        "edge_symmetry_score_full", "edge_symmetry_score_fast", "weight_threshold_full",
        "weight_threshold_fast",
    ]
    static let fastAccountColumns = [
        "account_id", "avg_time_delta_full", "avg_time_delta_fast", "avg_edge_symmetry_score_full",
        "avg_edge_symmetry_score_fast", "unique_shares_count",
    ]

    /// Adds an edge; what it has no fast part for is left empty.
    func append(_ edge: CoShareEdge, _ fast: CoShareFast, to writer: inout CSVWriter) {
        let part = fast.edge(of: edge)
        func append(_ count: UInt32?) {
            writer.comma()
            if let count { writer.append(Int64(count)) }
        }
        func append(_ number: Double?) {
            writer.comma()
            if let number { writer.append(number) }
        }
        append(edge.weight)
        append(part?.weight)
        append(edge.averageDelay)
        append(part?.averageDelay)
        append(edge.olderContentCount)
        append(edge.newerContentCount)
        append(part?.olderContentCount)
        append(part?.newerContentCount)
        append(edge.symmetry)
        append(part?.symmetry)
        append(network.isStrong(edge) ? 1 : 0 as UInt32)
        append(part.map { fast.network.isStrong($0) ? 1 : 0 as UInt32 })
    }

    /// Adds an account's statistics.
    func append(_ row: FastAccountStatistics, to writer: inout CSVWriter) {
        for average in row.averages {
            writer.comma()
            if let average { writer.append(average) }
        }
        writer.comma()
        writer.append(Int64(row.contentCount))
    }

    /// Writes the accounts of strong fast edges (1) and all that have an edge with one (0), in byte
    /// order.
    package func writeContext<Fault: Error>(
        of fast: CoShareFast,
        to sink: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        let context = fast.context(in: network)
        var isNear = [Bool](repeating: false, count: found.shares.accounts.count)
        for account in context.keys { isNear[Int(account)] = true }
        let accounts = found.shares.accounts.ranks(where: isNear).ids
        try write(["account_id", "color_v"], count: accounts.count, to: sink) { index, writer in
            writer.append(found.shares.accounts[accounts[index]])
            writer.comma()
            writer.append(Int64(context[accounts[index]] == true ? 1 : 0))
        }
    }
}
