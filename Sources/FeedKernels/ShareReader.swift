// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Reads shares from a CSV file that arrives piece by piece.
///
/// Bytes are gathered into windows of a fixed size, so that the result depends neither on the
/// pieces nor on the number of cores. A window is cut at record ends into blocks, which are
/// parsed in parallel; then identifiers are numbered, one column beside the other.
package struct ShareReader: ~Copyable {
    /// What was read, and what was skipped.
    package struct Result: Sendable {
        /// The shares.
        package let shares: ShareTable
        /// How many malformed records were skipped; 0 unless lenient.
        package let skippedCount: Int
        /// The first of them.
        package let faults: [CSVFault]
    }

    private static let windowByteCount = 8 << 20
    private static let blockCount = 8
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    private let cores: Cores
    private let isLenient: Bool
    private let expectedByteCount: Int
    private var pending: [UInt8] = []
    private var header: ShareHeader?
    private var lineCount = 0
    private var faults: [CSVFault] = []
    private var skippedCount = 0
    private var shares = ShareTable()
    private var objects = IdentifierColumn(expectedCount: 0)
    private var accounts = IdentifierColumn(expectedCount: 0)
    private var contents = IdentifierColumn(expectedCount: 0)

    /// Starts before the file's first byte.
    ///
    /// - Parameters:
    ///   - cores: The cores to parse and number with.
    ///   - isLenient: Whether malformed records are skipped and counted instead of refused.
    ///   - expectedByteCount: The file's size if known, to set memory aside.
    package init(cores: Cores, isLenient: Bool = false, expectedByteCount: Int = 0) {
        self.cores = cores
        self.isLenient = isLenient
        self.expectedByteCount = expectedByteCount
    }

    /// Reads the next piece of the file.
    ///
    /// - Throws: `.csv` with line and column, `.missingColumns`, `.tooManyIdentifiers`.
    package mutating func append(_ piece: [UInt8]) throws(FeedKernelError) {
        if pending.isEmpty { pending = piece } else { pending += piece }
        while pending.count >= Self.windowByteCount {
            try readWindow(isLast: false)
        }
    }

    /// Reads what is left.
    ///
    /// - Throws: As ``append(_:)``, and `.emptyFile`.
    package consuming func finish() throws(FeedKernelError) -> Result {
        if !pending.isEmpty || header == nil { try readWindow(isLast: true) }
        shares.object = objects.takeNumbers()
        shares.account = accounts.takeNumbers()
        shares.content = contents.takeNumbers()
        shares.objects = objects.table
        shares.accounts = accounts.table
        shares.contents = contents.table
        return Result(shares: shares, skippedCount: skippedCount, faults: faults)
    }

    private mutating func readWindow(isLast: Bool) throws(FeedKernelError) {
        var start = 0
        let header: ShareHeader
        if let known = self.header {
            header = known
        } else {
            (header, start) = try readHeader()
            self.header = header
        }
        let windowEnd = min(pending.count, Self.windowByteCount)
        let ends = recordEnds(from: start, to: windowEnd, isLast: isLast)
        guard let end = ends.last else {
            guard !isLast else { return pending = [] }
            throw .csv(
                CSVFault(
                    line: lineCount + 1,
                    column: 1,
                    expected: .shorter(limit: Self.windowByteCount)
                )
            )
        }
        let blocks = try parse(pending, header, from: start, ends)
        try number(blocks)
        pending = Array(pending[end...])
    }

    private func readHeaderLine() -> Int {
        pending.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    }

    private mutating func readHeader() throws(FeedKernelError) -> (ShareHeader, Int) {
        // A header is short: what stands beyond is not copied for it.
        let head = Array(pending.prefix(CSVScanner.fieldByteCountMax))
        var scanner = CSVScanner(head, from: readHeaderLine())
        scanner.skipEmptyLines()
        let header = try ShareHeader(reading: &scanner)
        lineCount = scanner.line - 1
        return (header, min(scanner.position, pending.count))
    }

    /// Parses blocks in parallel, and numbers the lines of faults through the file.
    private mutating func parse(
        _ window: [UInt8],
        _ header: ShareHeader,
        from start: Int,
        _ ends: [Int]
    ) throws(FeedKernelError) -> [ShareBlock] {
        let isLenient = isLenient
        let results = cores.map(ends.count) {
            index -> Swift.Result<ShareBlock, FeedKernelError> in
            let blockStart = index == 0 ? start : ends[index - 1]
            do throws(FeedKernelError) {
                let block = Array(window[blockStart..<ends[index]])
                return .success(try ShareBlock(block, header, isLenient: isLenient))
            } catch {
                return .failure(error)
            }
        }
        var blocks: [ShareBlock] = []
        for result in results {
            do throws(FeedKernelError) {
                let block = try result.get()
                skippedCount += block.skippedCount
                let room = max(0, ShareBlock.faultCountMax - faults.count)
                faults += block.faults.prefix(room).map { $0.shifted(byLines: lineCount) }
                lineCount += block.lineCount
                blocks.append(block)
            } catch {
                guard case .csv(let fault) = error else { throw error }
                throw .csv(fault.shifted(byLines: lineCount))
            }
        }
        return blocks
    }

    /// Turns identifiers into numbers, the three columns side by side.
    private mutating func number(_ blocks: [ShareBlock]) throws(FeedKernelError) {
        if shares.count == 0 { reserve(blocks) }
        for block in blocks {
            shares.time += block.times
            shares.isMatchable += block.isMatchable
        }
        let objects = objects
        let accounts = accounts
        let contents = contents
        _ = try cores.map(3) { column throws(FeedKernelError) in
            // Contents come first: there are the most of them.
            switch column {
            case 0: try contents.append(blocks, \.contents)
            case 1: try objects.append(blocks, \.objects)
            default: try accounts.append(blocks, \.accounts)
            }
        }
    }

    /// Sets memory aside for as many shares as the first window lets expect.
    private mutating func reserve(_ blocks: [ShareBlock]) {
        let rowCount = blocks.reduce(0) { $0 + $1.times.count }
        let byteCount = max(1, blocks.reduce(0) { $0 + $1.bytes.count })
        let scale = Double(max(expectedByteCount, byteCount)) / Double(byteCount)
        let expectedCount = Int(Double(rowCount) * scale * 1.02)
        shares.time.reserveCapacity(expectedCount)
        shares.isMatchable.reserveCapacity(expectedCount)
        objects = IdentifierColumn(expectedCount: expectedCount / 8, rowCount: expectedCount)
        accounts = IdentifierColumn(expectedCount: expectedCount / 8, rowCount: expectedCount)
        contents = IdentifierColumn(expectedCount: expectedCount, rowCount: expectedCount)
    }

    /// Ends of about ``blockCount`` blocks of whole records; none if no record ends in the window.
    private func recordEnds(from start: Int, to windowEnd: Int, isLast: Bool) -> [Int] {
        let size = max(1, (windowEnd - start + Self.blockCount - 1) / Self.blockCount)
        let window = pending
        let quoteCounts = cores.map(Self.blockCount) { index in
            let first = min(start + index * size, windowEnd)
            return Self.quoteCount(window, first, min(first + size, windowEnd))
        }
        var ends: [Int] = []
        var isQuoted = false
        for index in 0..<(Self.blockCount - 1) {
            if quoteCounts[index] % 2 == 1 { isQuoted.toggle() }
            let target = start + (index + 1) * size
            guard target > ends.last ?? start, target < windowEnd else { continue }
            if let end = nextRecordEnd(from: target, to: windowEnd, isQuoted) { ends.append(end) }
        }
        if isLast {
            if windowEnd > ends.last ?? start { ends.append(windowEnd) }
        } else if let end = lastRecordEnd(from: ends.last ?? start, to: windowEnd) {
            ends.append(end)
        }
        return ends
    }

    private static func quoteCount(_ window: [UInt8], _ start: Int, _ end: Int) -> Int {
        var count = 0
        for index in start..<end where window[index] == UInt8(ascii: "\"") { count += 1 }
        return count
    }

    /// The end of the record in which `start` lies, if `isQuoted` tells the state there.
    private func nextRecordEnd(from start: Int, to end: Int, _ isQuoted: Bool) -> Int? {
        var isQuoted = isQuoted
        for index in start..<end {
            if pending[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if pending[index] == UInt8(ascii: "\n") && !isQuoted { return index + 1 }
        }
        return nil
    }

    /// The last record end, if a record starts at `start`.
    private func lastRecordEnd(from start: Int, to end: Int) -> Int? {
        var isQuoted = false
        var last: Int?
        for index in start..<end {
            if pending[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if pending[index] == UInt8(ascii: "\n") && !isQuoted { last = index + 1 }
        }
        return last
    }
}

/// The numbers of one column's identifiers, filled by one worker at a time.
private final class IdentifierColumn: Sendable {
    private struct State {
        var interner: Interner
        var numbers: [UInt32] = []
    }

    private let state: Mutex<State>

    init(expectedCount: Int, rowCount: Int = 0) {
        var initial = State(interner: Interner(expectedCount: expectedCount))
        initial.numbers.reserveCapacity(rowCount)
        state = Mutex(initial)
    }

    func append(
        _ blocks: [ShareBlock],
        _ identifiers: KeyPath<ShareBlock, [ShareBlock.Identifier]>
    ) throws(FeedKernelError) {
        try state.withLock { state throws(FeedKernelError) in
            for block in blocks {
                let bytes = block.bytes
                for identifier in block[keyPath: identifiers] {
                    let id = try state.interner.intern(
                        bytes,
                        Int(identifier.start),
                        Int(identifier.end),
                        hash: identifier.hash
                    )
                    state.numbers.append(id)
                }
            }
        }
    }

    var table: StringTable { state.withLock { $0.interner.table } }

    func takeNumbers() -> [UInt32] {
        state.withLock { state in
            let numbers = state.numbers
            state.numbers = []
            return numbers
        }
    }
}
