// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Storage
internal import TransparencyLog

/// What lies in the store and belongs to no entry of the log.
extension VaultStore {
    /// What lay beside the log at one moment.
    struct Sight {
        let pending: DepositRecord?
        let deposits: (numbers: [UInt64], strangers: [BytePath])
        let objects: (names: [String], strangers: [BytePath])
        let incoming: [[UInt8]]
        let hasIndex: Bool
        /// The index with its rows at that moment; nil unless it is as we make it.
        let index: (database: ItemIndex, rowCount: UInt64)?

        init(of store: VaultStore) throws {
            pending = try store.readPending()
            deposits = try store.layout.deposits.list()
            objects = try store.layout.objects.list()
            incoming = try Directory.names(in: store.layout.objects.incoming)
            // Opening a database that is not there would make one.
            hasIndex = FileStatus.exists(store.layout.index)
            if hasIndex, let database = ItemIndex.inspecting(store.layout.index),
                let rowCount = try? database.count()
            {
                index = (database, rowCount)
            } else {
                index = nil
            }
        }
    }

    func auditStrangers(
        known: Set<String>,
        _ sight: Sight,
        entryCount: UInt64,
        _ report: inout AuditReport
    ) {
        let pendingName = sight.pending.map { Hex.encode($0.statement.ciphertextRoot) }
        if let pendingName, !known.contains(pendingName) { report.interruptedCount += 1 }
        for number in sight.deposits.numbers where number >= entryCount {
            report.problems.append(.logSetBack(index: number))
        }
        for path in sight.deposits.strangers {
            report.problems.append(.objectUnknown(path.text))
        }
        for name in sight.objects.names where !known.contains(name) && name != pendingName {
            report.problems.append(.objectUnknown(name))
        }
        for path in sight.objects.strangers {
            report.problems.append(.objectUnknown(path.text))
        }
        for name in sight.incoming {
            let path = layout.objects.incoming.appending(name)
            if name.suffix(5).elementsEqual(".part".utf8) {
                report.interruptedCount += 1
            } else if !["pending", "pending.new"].contains(String(decoding: name, as: UTF8.self)) {
                report.problems.append(.objectUnknown(path.text))
            }
        }
    }

    /// The keyring is what it was written as; which passphrase opens it, nobody can tell.
    func auditKeyring(_ report: inout AuditReport) throws {
        do {
            let countMax = 2 * Keyring.byteCount
            let bytes = try Directory.contentsIfPresent(of: layout.keyring, countMax: countMax)
            // A store without keyring is one that was wiped, or copied for others to keep.
            if let bytes, (try? Keyring(parsing: bytes)) == nil { report.problems.append(.keyring) }
        } catch {
            guard error.isDamage else { throw error }
            report.problems.append(.keyring)
        }
    }

    /// The index may be missing or behind; what it says has to be true.
    func auditIndex(_ log: borrowing VaultLog, _ sight: Sight, _ report: inout AuditReport) {
        guard sight.hasIndex else { return }
        guard let (index, rowCount) = sight.index else {
            report.problems.append(.indexAltered)
            return
        }
        do {
            for number in 0..<min(rowCount, log.size) {
                // The statement is the problem then, and was named already.
                guard let record = try? record(number, in: log) else { continue }
                if try index.row(number) != Self.row(record) {
                    report.problems.append(.index(index: number))
                }
            }
            if rowCount > log.size { report.problems.append(.index(index: log.size)) }
        } catch {
            report.problems.append(.indexAltered)
        }
    }

    /// Names what is no part of the home, of the log or of the records of cases.
    ///
    /// Checkpoints, colleagues' items and whatever lies beside objects and statements are looked
    /// through where they are read.
    func auditPlaces(_ report: inout AuditReport) throws {
        func look(
            _ directory: String,
            _ isOurs: (_ name: String, _ place: String) -> Bool
        ) throws {
            let path = directory.isEmpty ? layout.home : layout.home.appending(directory)
            guard (try? FileStatus(of: path, followingLinks: false))?.kind == .directory else {
                return
            }
            for bytes in try Directory.names(in: path) {
                let name = BytePath(bytes).text
                let place = directory.isEmpty ? name : "\(directory)/\(name)"
                if !isOurs(Self.finished(name), place) { report.problems.append(.stranger(place)) }
            }
        }
        try look("") { name, _ in HomeLayout.names.contains(name) }
        try look("log") { name, _ in [TiledLogReader.checkpointName, "lock", "tile"].contains(name)
        }
        try auditTiles("log/tile", &report)
        let keys = try layout.caseKeys()
        try look("cases") { name, _ in
            // Of a run that was killed, and goes with the next one for the same key.
            if name.hasPrefix(".new-") { return true }
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            return parts.count == 2 && Case.isPseudonym(parts[0])
                && keys[parts[0]]?.contains { String($0) == parts[1] } == true
        }
        for (pseudonym, numbers) in keys.sorted(by: { $0.key < $1.key })
        where Case.isPseudonym(pseudonym) {
            for number in numbers {
                try look("cases/\(pseudonym).\(number)") { name, _ in
                    SealedRecord.fileNames.contains(name)
                }
            }
        }
    }

    private func auditTiles(_ directory: String, _ report: inout AuditReport) throws {
        let path = layout.home.appending(directory)
        guard FileStatus.exists(path) else { return }
        for bytes in try Directory.names(in: path) {
            let place = "\(directory)/\(BytePath(bytes).text)"
            let kind = try FileStatus(of: path.appending(bytes), followingLinks: false).kind
            let tile = try? TilePath(parsing: String(place.dropFirst("log/".count)))
            if kind == .directory, tile == nil {
                try auditTiles(place, &report)
                continue
            }
            guard kind == .file, let tile, tile.content != .entries else {
                report.problems.append(.stranger(place))
                continue
            }
        }
    }

    /// The name that a file is being written for: what killed runs leave is replaced next time.
    private static func finished(_ name: String) -> String {
        for suffix in [".new", ".tmp"] where name.hasSuffix(suffix) {
            return String(name.dropLast(suffix.count))
        }
        return name
    }
}
