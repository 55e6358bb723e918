// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Statements
internal import Storage
internal import TransparencyLog

/// The receipts that a home keeps: looked at, and made again.
///
/// The log makes a receipt of any entry at any time, so one that is missing is no loss and is told
/// without alarm. One that lies there and is not what it was is named, and one that knows a longer
/// log, or another, is an anchor that whoever set the log back forgot.
///
/// Spec: `docs/spec/vault.md`, section 7.
extension VaultStore {
    /// A receipt in the home that reads well.
    private struct KeptReceipt: Sendable {
        let place: String
        let item: String
        let index: UInt64
        let leaf: LogHash
        let checkpoint: Checkpoint
    }

    /// Compares the receipts in the home with the log, and counts items that have none.
    ///
    /// - Complexity: Linear in receipts and entries.
    func auditReceipts(
        items: Set<String>,
        _ log: borrowing VaultLog,
        _ report: inout AuditReport
    ) throws {
        var files: [BytePath] = []
        if FileStatus.exists(layout.receipts) {
            for bytes in try Directory.names(in: layout.receipts) {
                let (path, name) = (layout.receipts.appending(bytes), BytePath(bytes).text)
                // What a killed run was writing.
                if name.hasSuffix(".receipt.new") { continue }
                if HomeLayout.isReceiptName(name) {
                    files.append(path)
                } else {
                    report.problems.append(.stranger("receipts/\(name)"))
                }
            }
        }
        let kept = files.mapOnAllCores { files in files.map { keptReceipt(at: $0) } }
        for (path, receipt) in zip(files, kept) where receipt == nil {
            report.problems.append(.file("receipts/\(BytePath(path.lastComponent).text)"))
        }
        try compare(kept.compactMap { $0 }, with: log, &report)
        let named = Set(files.map { String(decoding: $0.lastComponent, as: UTF8.self) })
        report.receiptsMissingCount = items.count { !named.contains(HomeLayout.receiptName($0)) }
    }

    /// A receipt of this log, under its own name; nil if what lies there is none.
    private func keptReceipt(at path: BytePath) -> KeptReceipt? {
        guard (try? FileStatus(of: path, followingLinks: false))?.kind == .file,
            let bytes = try? Directory.contents(of: path, countMax: Receipt.byteCountMax),
            let receipt = try? Receipt(parsing: bytes),
            let (statement, checkpoint) = try? receipt.verify(log: logKey)
        else { return nil }
        let item = Hex.encode(statement.ciphertextRoot)
        let name = HomeLayout.receiptName(item)
        guard path.lastComponent.elementsEqual(name.utf8) else { return nil }
        return KeptReceipt(
            place: "receipts/\(name)",
            item: item,
            index: receipt.proof.index,
            leaf: receipt.leaf,
            checkpoint: checkpoint
        )
    }

    /// Grows the tree of the log once, and compares it with each receipt's on the way.
    private func compare(
        _ receipts: [KeptReceipt],
        with log: borrowing VaultLog,
        _ report: inout AuditReport
    ) throws {
        let leaves = try log.leaves(0..<log.size)
        var tree = CompactTree()
        for receipt in receipts.sorted(by: { $0.checkpoint.size < $1.checkpoint.size }) {
            let isElsewhere = receipt.index < log.size && leaves[Int(receipt.index)] != receipt.leaf
            guard receipt.checkpoint.size <= log.size || isElsewhere else {
                report.problems.append(.receiptAhead(receipt.place))
                continue
            }
            while tree.size < min(receipt.checkpoint.size, log.size) {
                tree.append(leaves[Int(tree.size)])
            }
            if isElsewhere || tree.root != receipt.checkpoint.root {
                report.problems.append(.receiptFork(receipt.place))
            }
        }
    }

    // MARK: Of nodes

    /// Compares the receipts that nodes gave with the log.
    ///
    /// Whether a node's log is the right one is for whoever pinned its key to say; here, that what
    /// a node has is still what this log has.
    ///
    /// - Complexity: Linear in receipts and entries.
    func auditNodeReceipts(_ log: borrowing VaultLog, _ report: inout AuditReport) throws {
        guard FileStatus.exists(layout.remotes) else { return }
        var files: [(path: BytePath, place: String)] = []
        for remote in try Directory.names(in: layout.remotes) {
            let folder = layout.remotes.appending(remote).appending("receipts")
            guard FileStatus.exists(folder) else { continue }
            for name in try Directory.names(in: folder)
            where name.suffix(8).elementsEqual(".receipt".utf8) {
                let place = "remotes/\(BytePath(remote).text)/receipts/\(BytePath(name).text)"
                files.append((folder.appending(name), place))
            }
        }
        guard !files.isEmpty else { return }
        let leaves = Set(try log.leaves(0..<log.size))
        let receipts = files.mapOnAllCores { files in
            files.map { file -> LogHash? in
                guard
                    let bytes = try? Directory.contents(
                        of: file.path,
                        countMax: Receipt.byteCountMax
                    ),
                    let receipt = try? Receipt(parsing: bytes), (try? receipt.verify()) != nil
                else { return nil }
                return receipt.leaf
            }
        }
        for (file, leaf) in zip(files, receipts) {
            guard let leaf else {
                report.problems.append(.file(file.place))
                continue
            }
            if !leaves.contains(leaf) { report.problems.append(.nodeReceiptAbsent(file.place)) }
        }
    }

    // MARK: Made again

    /// Writes again the receipts that are missing from the home, or prove nothing.
    ///
    /// One that contradicts the log stays: it shows that the log was set back.
    ///
    /// - Returns: The items whose receipts were written.
    /// - Throws: ``VaultError/statementDamaged(index:)``, ``VaultError/logDamaged``,
    ///   ``FileFailure``.
    /// - Complexity: O(n) in entries.
    package func renewReceipts() throws -> [String] {
        let log = try log()
        var written: [String] = []
        for index in 0..<log.size {
            let record = try record(index, in: log)
            let item = Hex.encode(record.statement.ciphertextRoot)
            let path = layout.receipts.appending(HomeLayout.receiptName(item))
            if keptReceipt(at: path) != nil { continue }
            try keep(receipt(index: index), of: item)
            written.append(item)
        }
        return written
    }

    /// Writes a receipt into the home, under the item's name.
    ///
    /// - Returns: Its path.
    /// - Throws: ``FileFailure``.
    @discardableResult
    func keep(_ receipt: Receipt, of item: String) throws -> BytePath {
        try layout.files.make(layout.receipts)
        let path = layout.receipts.appending(HomeLayout.receiptName(item))
        try layout.files.replace(path, with: receipt.bytes)
        return path
    }
}
