// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Shares that Spark found to have pairs, from which the same kernel makes the same tables as from
/// all shares.
///
/// A record says the row's key, the key of the account's first row, a mark, object, account,
/// content and time. The mark is `p` where the content takes part, `n` where it does not, and `f`
/// for a row that is there only because it is the first one of a thing.
package struct GatheredShares: Stage {
    private struct Row {
        let key: [UInt8]
        let first: [UInt8]
        let mark: UInt8
        let object: [UInt8]
        let account: [UInt8]
        let content: [UInt8]
        let time: Int64
    }

    /// Fields of a record.
    package let fieldCount = 8
    private var rows: [Row] = []

    /// Starts without shares.
    package init() {}

    /// Takes a share.
    ///
    /// - Throws: `.record`.
    package mutating func take(
        _ record: StageRecord,
        number: Int,
        into output: inout [UInt8]
    ) throws(StageError) {
        guard let time = record.number(6), let mark = record[2].first, record[2].count == 1,
            let object = StageRecord.text(record[3]), let account = StageRecord.text(record[4]),
            let content = StageRecord.text(record[5]), "pnf".utf8.contains(mark)
        else { throw .record(number) }
        rows.append(
            Row(
                key: Array(record[0]),
                first: Array(record[1]),
                mark: mark,
                object: object,
                account: account,
                content: content,
                time: time
            )
        )
    }

    /// The shares in the order of the input, accounts numbered in that of all shares, and for each
    /// content whether it takes part.
    ///
    /// - Throws: `.tooManyIdentifiers`.
    package consuming func table() throws(FeedKernelError) -> (ShareTable, [Bool]) {
        // A row that has a pair and is its thing's first one as well came twice.
        let mark = UInt8(ascii: "f")
        rows.sort { left, right in
            left.key == right.key
                ? left.mark != mark && right.mark == mark
                : left.key.lexicographicallyPrecedes(right.key)
        }
        var shares = ShareTableBuilder()
        let firsts = rows.indices.sorted {
            rows[$0].first.lexicographicallyPrecedes(rows[$1].first)
        }
        for index in firsts { try shares.number(account: rows[index].account) }
        var isParticipating: [Bool] = []
        for (index, row) in rows.enumerated() where index == 0 || row.key != rows[index - 1].key {
            let content = try shares.append(
                object: row.object,
                account: row.account,
                content: row.content,
                time: row.time,
                isMatchable: row.mark != mark
            )
            // Contents are numbered as they come.
            if content == isParticipating.count { isParticipating.append(false) }
            if row.mark == UInt8(ascii: "p") { isParticipating[content] = true }
        }
        return (shares.finish(), isParticipating)
    }
}

/// Edges that Spark has counted.
///
/// A record says both accounts and the weight and, for CooRTweet's rule, distinct contents on the
/// older and on the newer side and the sum of delays.
package struct GatheredEdges: Stage {
    /// What is counted, which decides the fields.
    package enum Kind: Sendable {
        case coShare, toolkit
    }

    /// Fields of a record.
    package var fieldCount: Int { kind == .coShare ? 7 : 4 }
    private let kind: Kind
    private var accounts = Interner()
    private var edges: [CoShareEdge] = []

    /// Starts without edges.
    package init(_ kind: Kind) { self.kind = kind }

    /// Takes an edge.
    ///
    /// - Throws: `.record`.
    package mutating func take(
        _ record: StageRecord,
        number: Int,
        into output: inout [UInt8]
    ) throws(StageError) {
        var counts: [UInt32] = []
        for index in 2..<(kind == .coShare ? 5 : 3) {
            guard let value = record.number(index), let count = UInt32(exactly: value), count > 0
            else { throw .record(number) }
            counts.append(count)
        }
        guard let from = StageRecord.text(record[0]), let to = StageRecord.text(record[1]),
            let delay = kind == .coShare ? record.number(5) : 0
        else { throw .record(number) }
        do throws(FeedKernelError) {
            edges.append(
                CoShareEdge(
                    from: try accounts.intern(from),
                    to: try accounts.intern(to),
                    weight: counts[0],
                    olderContentCount: kind == .coShare ? counts[1] : 0,
                    newerContentCount: kind == .coShare ? counts[2] : 0,
                    delaySum: delay
                )
            )
        } catch {
            throw .tooManyPairs(limit: StringTable.byteCountMax)
        }
    }

    /// The accounts, and the edges in byte order of them.
    package consuming func table() -> (ShareTable, [CoShareEdge]) {
        let table = accounts.table
        let ranks = table.ranks(where: [Bool](repeating: true, count: table.count)).ranks
        edges.sort { left, right in
            (ranks[Int(left.from)], ranks[Int(left.to)])
                < (ranks[Int(right.from)], ranks[Int(right.to)])
        }
        var shares = ShareTable()
        shares.accounts = table
        return (shares, edges)
    }
}
