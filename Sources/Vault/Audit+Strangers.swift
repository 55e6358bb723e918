// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Storage

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
        let bytes = try Directory.contentsIfPresent(
            of: layout.keyring,
            countMax: 2 * Keyring.byteCount
        )
        // A store without keyring is one that was wiped, or copied for others to keep.
        guard let bytes else { return }
        if (try? Keyring(parsing: bytes)) == nil { report.problems.append(.keyring) }
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

    /// Compares the log with what was kept elsewhere.
    func auditAnchors(
        _ anchors: [Anchor],
        _ log: borrowing VaultLog,
        _ report: inout AuditReport
    ) {
        for (number, anchor) in anchors.enumerated() {
            report.anchorCount += 1
            switch anchor.compare(with: log, key: logKey) {
            case .agrees: break
            case .contradicts: report.problems.append(.anchor(number))
            case .foreign: report.problems.append(.anchorForeign(number))
            }
        }
    }
}
