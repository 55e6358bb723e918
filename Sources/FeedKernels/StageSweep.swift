// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The window sweep of ``CoSharePairs`` and ``ToolkitEdges`` over a stream, in memory that grows
/// with what one window holds and not with what one object has.
///
/// A record says object, bucket, time, account, content, the row's key, and whose the share is:
/// `o` for the bucket's own, `c` for a copy of a share of the next bucket's first seconds, which is
/// there as the newer one of a pair only. Records stand by object and bucket; within them by time,
/// at one time by the account's first row, and then by row.
package struct StageSweep: Stage {
    /// What is written.
    package enum Output: Equatable, Sendable {
        /// The key of each share that has a pair. One that stands in two buckets may come twice.
        case rows
        /// Each pair: both accounts, both contents, the delay, and `<` or `>` as the older one's
        /// account stands before or behind the other in byte order.
        case pairs
    }

    private struct Share {
        let time: Int64
        let accountHash: UInt64
        let contentHash: UInt64
        let account: [UInt8]
        let content: [UInt8]
        let key: [UInt8]
        let isCopy: Bool
        var isTold = false

        func isPair(with other: Share) -> Bool {
            let isOneAccount = accountHash == other.accountHash && account == other.account
            let isOneContent = contentHash == other.contentHash && content == other.content
            return !isOneAccount && !isOneContent
        }
    }

    /// Fields of a record.
    package let fieldCount = 8
    private let windowSeconds: Int64
    private let output: Output
    private let pairCountMax: Int
    private var group: [UInt8] = []
    private var shares: [Share] = []
    private var first = 0
    private var pairCount = 0

    /// Starts before the first record.
    ///
    /// - Parameters:
    ///   - windowSeconds: The most seconds between two shares of a pair.
    ///   - output: What to write.
    ///   - pairCountMax: The most pairs of one object and bucket.
    package init(windowSeconds: Int64, output: Output, pairCountMax: Int = 1 << 28) {
        self.windowSeconds = windowSeconds
        self.output = output
        self.pairCountMax = pairCountMax
    }

    /// Pairs a share with those before it.
    ///
    /// - Throws: `.record`, `.order` or `.tooManyPairs`.
    package mutating func take(
        _ record: StageRecord,
        number: Int,
        into output: inout [UInt8]
    ) throws(StageError) {
        guard let time = record.number(2), record.number(1) != nil,
            let isCopy = Self.isCopy(record[6])
        else { throw .record(number) }
        if !group.elementsEqual(record.prefix(2)) {
            group = Array(record.prefix(2))
            shares.removeAll(keepingCapacity: true)
            first = 0
            pairCount = 0
        }
        if let last = shares.last, last.time > time || last.isCopy && !isCopy {
            throw .order(number)
        }
        while first < shares.count, time - shares[first].time > windowSeconds { first += 1 }
        if first > 4096, first * 2 > shares.count {
            shares.removeFirst(first)
            first = 0
        }
        pairCount += shares.count - first
        guard pairCount <= pairCountMax else { throw .tooManyPairs(limit: pairCountMax) }
        var newer = Share(
            time: time,
            accountHash: CSVScanner.hash(record[3]),
            contentHash: CSVScanner.hash(record[4]),
            account: Array(record[3]),
            content: Array(record[4]),
            key: Array(record[5]),
            isCopy: isCopy
        )
        // Copies come last: what they pair with each other, they do in their own bucket.
        for place in first..<shares.count where !shares[place].isCopy {
            switch self.output {
            case .rows:
                guard !newer.isTold || !shares[place].isTold, newer.isPair(with: shares[place])
                else { continue }
                Self.tell(&shares[place], to: &output)
                Self.tell(&newer, to: &output)
            case .pairs:
                guard newer.isPair(with: shares[place]) else { continue }
                try Self.append(shares[place], newer, number, to: &output)
            }
        }
        shares.append(newer)
    }

    private static func isCopy(_ field: ArraySlice<UInt8>) -> Bool? {
        guard field.count == 1, let letter = field.first else { return nil }
        switch letter {
        case UInt8(ascii: "o"): return false
        case UInt8(ascii: "c"): return true
        default: return nil
        }
    }

    private static func tell(_ share: inout Share, to output: inout [UInt8]) {
        guard !share.isTold else { return }
        share.isTold = true
        StageRecord.append(escaped: share.key[...], to: &output)
        StageRecord.end(&output)
    }

    private static func append(
        _ older: Share,
        _ newer: Share,
        _ number: Int,
        to output: inout [UInt8]
    ) throws(StageError) {
        guard let left = StageRecord.text(older.account[...]),
            let right = StageRecord.text(newer.account[...])
        else { throw .record(number) }
        let isBefore = left.lexicographicallyPrecedes(right)
        for field in [older.account, newer.account, older.content, newer.content] {
            StageRecord.append(escaped: field[...], to: &output)
        }
        StageRecord.append(Array(String(newer.time - older.time).utf8)[...], to: &output)
        StageRecord.append([UInt8(ascii: isBefore ? "<" : ">")], to: &output)
        StageRecord.end(&output)
    }
}
