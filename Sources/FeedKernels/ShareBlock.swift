// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where the four columns of a share stand in a CSV file.
package struct ShareHeader: Equatable, Sendable {
    /// The names of the columns, as CooRTweet has them.
    package static let columns = ["object_id", "account_id", "content_id", "timestamp_share"]

    /// What a column means to a reader of shares.
    enum Role: UInt8 {
        case object, account, content, time, other
    }

    /// The role of each column of the file.
    let roles: [Role]

    /// Reads the header of a file, a byte order mark included.
    ///
    /// - Throws: `.missingColumns`, `.emptyFile`, or the fault of a malformed header.
    init(reading scanner: inout CSVScanner) throws(FeedKernelError) {
        var names: [[UInt8]] = []
        do throws(CSVFault) {
            while !scanner.isAtEnd {
                let field = try scanner.nextField()
                names.append(Array(scanner.bytes[field.start..<field.end]))
                if field.isLast { break }
            }
        } catch {
            throw .csv(error)
        }
        guard !names.isEmpty else { throw .emptyFile }
        let known = Self.columns.map { Array($0.utf8) }
        let missing = Self.columns.indices.filter { !names.contains(known[$0]) }
        guard missing.isEmpty else {
            throw .missingColumns(missing.map { Self.columns[$0] })
        }
        var roles = [Role](repeating: .other, count: names.count)
        for (index, role) in [Role.object, .account, .content, .time].enumerated() {
            guard let column = names.firstIndex(of: known[index]) else { continue }
            roles[column] = role
        }
        self.roles = roles
    }
}

/// The shares of one block of a file, their identifiers still text.
struct ShareBlock: Sendable {
    /// A range of ``bytes`` and its hash.
    struct Identifier: Sendable {
        var start: UInt32 = 0
        var end: UInt32 = 0
        var hash: UInt64 = 0

        init() {}

        init(_ field: CSVField) {
            start = UInt32(field.start)
            end = UInt32(field.end)
            hash = field.hash
        }
    }

    /// How many faults are kept with their places; further ones are only counted.
    static let faultCountMax = 100

    private(set) var bytes: [UInt8] = []
    private(set) var objects: [Identifier] = []
    private(set) var accounts: [Identifier] = []
    private(set) var contents: [Identifier] = []
    private(set) var times: [Int64] = []
    private(set) var isMatchable: [Bool] = []
    /// Skipped records, the first ``faultCountMax`` of them with their places.
    private(set) var faults: [CSVFault] = []
    private(set) var skippedCount = 0
    /// Lines in the block, for the numbering of the next one.
    private(set) var lineCount = 0

    /// Parses whole records.
    ///
    /// Lines are counted from 1 at the block's start. If lenient, malformed records are skipped.
    init(
        _ block: [UInt8],
        _ header: ShareHeader,
        isLenient: Bool
    ) throws(FeedKernelError) {
        var scanner = CSVScanner(block)
        reserve(block.count / 32)
        while true {
            scanner.skipEmptyLines()
            guard !scanner.isAtEnd else { break }
            var isEnded = false
            do throws(CSVFault) {
                try append(&scanner, header.roles, &isEnded)
            } catch {
                guard isLenient else { throw .csv(error) }
                if faults.count < Self.faultCountMax { faults.append(error) }
                skippedCount += 1
                if !isEnded { scanner.skipLine() }
            }
        }
        lineCount = scanner.line - 1
        bytes = scanner.bytes
    }

    private mutating func reserve(_ count: Int) {
        objects.reserveCapacity(count)
        accounts.reserveCapacity(count)
        contents.reserveCapacity(count)
        times.reserveCapacity(count)
        isMatchable.reserveCapacity(count)
    }

    /// Reads one record.
    ///
    /// `isEnded` tells whether its line end was read, also when it is refused.
    @inline(__always)
    private mutating func append(
        _ scanner: inout CSVScanner,
        _ roles: [ShareHeader.Role],
        _ isEnded: inout Bool
    ) throws(CSVFault) {
        let line = scanner.line
        let lineStart = scanner.position
        var object = CSVField(start: 0, end: 0, hash: 0, isLast: false)
        var account = object
        var content = object
        var time: Int64?
        var places = (account: 0, time: 0)
        for index in 0..<roles.count {
            let place = scanner.position
            let field = try scanner.nextField()
            isEnded = field.isLast
            switch roles[index] {
            case .object: object = field
            case .account:
                account = field
                places.account = place
            case .content: content = field
            case .time:
                time = Timestamp.parse(scanner.bytes, field.start, field.end)
                places.time = place
            case .other: break
            }
            guard field.isLast == (index == roles.count - 1) else {
                throw CSVFault(
                    line: line,
                    column: place - lineStart + 1,
                    expected: .fieldCount(roles.count)
                )
            }
        }
        guard let time else {
            throw CSVFault(
                line: line,
                column: places.time - lineStart + 1,
                field: ShareHeader.columns[3],
                expected: .time
            )
        }
        guard !account.isEmpty else {
            throw CSVFault(
                line: line,
                column: places.account - lineStart + 1,
                field: ShareHeader.columns[1],
                expected: .identifier
            )
        }
        let isOrigin = object.hash == content.hash && isEqual(object, content, scanner)
        objects.append(Identifier(object))
        accounts.append(Identifier(account))
        contents.append(Identifier(content))
        times.append(time)
        isMatchable.append(!object.isEmpty && !isOrigin)
    }

    private func isEqual(_ left: CSVField, _ right: CSVField, _ scanner: CSVScanner) -> Bool {
        scanner.bytes[left.start..<left.end].elementsEqual(scanner.bytes[right.start..<right.end])
    }
}

extension CSVFault {
    /// The same fault elsewhere.
    func moved(to line: Int, _ column: Int) -> CSVFault {
        CSVFault(line: line, column: column, field: field, expected: expected)
    }

    /// The same fault, with `count` lines before it.
    package func shifted(byLines count: Int) -> CSVFault { moved(to: line + count, column) }
}
