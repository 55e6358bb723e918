// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Glibc
internal import Sodium
internal import Statements
package import Storage

/// What a run through a shared directory did.
package struct ExchangeReport: Equatable, Sendable {
    /// Something that was not taken in.
    package struct Refused: Equatable, Sendable {
        /// The file in the directory.
        package let file: String
        /// Why.
        package let reason: ColleagueStore.Refusal

        /// What was refused, and why.
        package init(file: String, reason: ColleagueStore.Refusal) {
            self.file = file
            self.reason = reason
        }
    }

    /// Own items that were put there.
    package var exportedCount = 0
    /// Items of colleagues that were taken in.
    package var importedCount = 0
    /// Items whose object has not arrived, or not whole.
    package var waitingCount = 0
    /// What was refused, in the order of names.
    package var refused: [Refused] = []
}

/// Colleagues' deposits through a directory that something else keeps in step: a synchronised
/// folder, a stick, a share.
///
/// Each home writes its own items and receipts there, under names that are digests, and reads those
/// of others; nothing is ever updated, so nothing conflicts. The directory is trusted with nothing:
/// whoever else writes there can withhold and destroy, and not forge.
///
/// Spec: `docs/spec/vault.md`, section 8.4.
extension Home {
    /// The most files of a case that a directory may have.
    package static let exchangeCountMax = 1_000_000

    /// Puts this home's items of a case into a directory, and takes in those of colleagues.
    ///
    /// - Parameters:
    ///   - item: The case.
    ///   - directory: The shared directory, which exists.
    ///   - isFull: Whether objects that this home put there before, or took in, are read again.
    /// - Returns: What was done, and what was refused.
    /// - Throws: ``VaultError/exchangeTooLarge(limit:)``, ``FileFailure``, errors of the store.
    package func exchange(
        _ item: Case,
        through directory: BytePath,
        isFull: Bool = false
    ) throws -> ExchangeReport {
        // A mistyped path is no new exchange.
        _ = try Directory.names(in: directory)
        let shared = directory.appending(item.pseudonymText)
        try Directory.make(shared, mode: 0o755)
        // A link would have us write somewhere else.
        guard try FileStatus(of: shared, followingLinks: false).kind == .directory else {
            throw FileFailure(.open, shared, code: ENOTDIR)
        }
        return try reporting { report in
            try export(item, to: shared, isFull: isFull, &report)
            try takeIn(item, from: shared, isFull: isFull, &report)
        }
    }

    /// Takes in colleagues' items from a folder in the form of a case's folder in an exchange
    /// directory; nothing is written there.
    ///
    /// - Parameters:
    ///   - item: The case.
    ///   - folder: Of this case.
    ///   - isFull: Whether objects that were taken in before are read again.
    /// - Returns: What was done, and what was refused.
    /// - Throws: As ``exchange(_:through:isFull:)``.
    package func takeIn(
        _ item: Case,
        from folder: BytePath,
        isFull: Bool = false
    ) throws -> ExchangeReport {
        try reporting { try takeIn(item, from: folder, isFull: isFull, &$0) }
    }

    /// Trades with colleagues, one process of this home at a time.
    private func reporting(
        _ body: (inout ExchangeReport) throws -> Void
    ) throws -> ExchangeReport {
        let colleagues = store.colleagues
        try colleagues.create()
        let lock = try layout.files.lock(colleagues.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        try colleagues.objects.removeAbandoned()
        var report = ExchangeReport()
        try body(&report)
        return report
    }

    // MARK: Own items

    private func export(
        _ item: Case,
        to shared: BytePath,
        isFull: Bool,
        _ report: inout ExchangeReport
    ) throws {
        let certificate = try MemberCertificate(of: item, log: store.logKey)
        let member = Hex.encode(item.memberKey.bytes) + ".member"
        _ = try put(certificate.bytes, as: member, in: shared, &report)
        let log = try store.log()
        for (entry, row) in try store.fromIndex({ try $0.items(of: item.pseudonymText) }) {
            let object = "\(row.object).age"
            let isThere = try isExported(row, at: shared.appending(object), isFull: isFull)
            if !isThere, try !copy(row.object, to: shared.appending(object)) {
                report.refused.append(.init(file: object, reason: .blocked))
                continue
            }
            _ = try put(row.summary, as: "\(row.object).summary", in: shared, &report)
            // The receipt last: whoever sees it may expect the rest. One that still verifies stays
            // as it is, under an older checkpoint.
            let name = "\(row.object).receipt"
            let record = try store.record(entry, in: log)
            if let there = try? Self.read(shared.appending(name), countMax: Receipt.byteCountMax),
                let receipt = try? Receipt(parsing: there), receipt.envelope == record.envelope,
                (try? receipt.verify(log: store.logKey)) != nil
            {
                if !isThere { report.exportedCount += 1 }
                continue
            }
            let receipt = try store.receipt(index: entry)
            if try put(receipt.bytes, as: name, in: shared, &report) { report.exportedCount += 1 }
        }
    }

    /// Whether an object is in the directory as it should be, as far as was asked for.
    private func isExported(_ row: ItemIndex.Row, at path: BytePath, isFull: Bool) throws -> Bool {
        guard let status = try? FileStatus(of: path, followingLinks: false),
            status.kind == .file, status.sizeBytes == row.sizeBytes
        else { return false }
        guard isFull else { return true }
        let file = try OpenedFile.reading(path, followingLinks: false)
        return Hex.encode(try CiphertextRoot.of(file)) == row.object
    }

    /// Copies an object under a temporary name, and then to its own.
    ///
    /// - Returns: Whether nothing stood in the way.
    private func copy(_ name: String, to path: BytePath) throws -> Bool {
        let source = try layout.objects.open(name)
        return try Self.isFree { () throws(FileFailure) in
            let temporary = BytePath(path.bytes + Array(".part".utf8))
            let files = LocalFileSystem()
            if FileStatus.exists(temporary) { try files.remove(temporary) }
            let file = try files.create(temporary, replacing: false, mode: 0o644)
            while true {
                let piece = try source.read(CiphertextRoot.pieceCount)
                if piece.isEmpty { break }
                do {
                    try file.write(piece)
                } catch {
                    throw FileFailure(error, at: temporary)
                }
            }
            do {
                try file.sync()
                try file.close()
            } catch {
                throw FileFailure(error, at: temporary)
            }
            try files.rename(temporary, to: path)
        }
    }

    /// Whether nothing stood in the way of what `body` writes.
    private static func isFree(_ body: () throws(FileFailure) -> Void) throws -> Bool {
        do {
            try body()
            return true
        } catch {
            if error.isWrongKind || error.isExisting { return false }
            throw error
        }
    }

    /// Writes a small file unless it is there already.
    ///
    /// - Returns: Whether it is there now.
    private func put(
        _ bytes: [UInt8],
        as name: String,
        in shared: BytePath,
        _ report: inout ExchangeReport
    ) throws -> Bool {
        let path = shared.appending(name)
        if let there = try? Self.read(path, countMax: bytes.count), there == bytes { return true }
        let isFree = try Self.isFree { () throws(FileFailure) in
            try Directory.replace(path, with: bytes, mode: 0o644)
        }
        if !isFree { report.refused.append(.init(file: name, reason: .blocked)) }
        return isFree
    }

    /// Reads an ordinary file; what somebody put there to make us wait or wander is none.
    private static func read(_ path: BytePath, countMax: Int) throws -> [UInt8] {
        let file = try OpenedFile.reading(path, followingLinks: false)
        guard try file.status().kind == .file else { throw FileFailure.damaged(path) }
        let bytes = try file.read(countMax + 1)
        guard bytes.count <= countMax else { throw FileFailure.damaged(path) }
        return bytes
    }

    // MARK: Items of colleagues

    private func takeIn(
        _ item: Case,
        from shared: BytePath,
        isFull: Bool,
        _ report: inout ExchangeReport
    ) throws {
        let names = try Directory.names(in: shared)
        guard names.count <= Self.exchangeCountMax else {
            throw VaultError.exchangeTooLarge(limit: Self.exchangeCountMax)
        }
        let colleagues = store.colleagues
        let own = Set(
            try store.fromIndex { try $0.items(of: item.pseudonymText) }.map(\.row.object)
        )
        var sights = LogSights()
        for deposit in try colleagues.deposits().found { _ = sights.add(deposit.receipt) }
        let suffix = ".receipt"
        for bytes in names where bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
            let file = String(decoding: bytes, as: UTF8.self)
            let name = String(file.dropLast(suffix.count))
            guard ObjectStore.isName(name) else {
                report.refused.append(.init(file: file, reason: .malformed))
                continue
            }
            if own.contains(name) || colleagues.contains(name, isFull: isFull) { continue }
            switch try takeIn(name, item, from: shared, &sights) {
            case .taken: report.importedCount += 1
            case .waiting: report.waitingCount += 1
            case .refused(let reason):
                report.refused.append(.init(file: file, reason: reason))
            }
        }
    }

    private enum Intake {
        case taken, waiting
        case refused(ColleagueStore.Refusal)
    }

    private func takeIn(
        _ name: String,
        _ item: Case,
        from shared: BytePath,
        _ sights: inout LogSights
    ) throws -> Intake {
        let path = shared.appending("\(name).receipt")
        guard let bytes = try? Self.read(path, countMax: Receipt.byteCountMax),
            let receipt = try? Receipt(parsing: bytes), let statement = try? receipt.statement()
        else { return .refused(.malformed) }
        let certificate = try certificate(of: statement.member, item, in: shared)
        if let flaw = ColleagueStore.flaw(
            of: receipt,
            certificate: certificate,
            item: item,
            name: name
        ) {
            return .refused(flaw)
        }
        // Signed by our own log, and not among our items: there is another one like us.
        if receipt.log == store.logKey { return .refused(.ownFork) }
        guard sights.add(receipt) else { return .refused(.fork) }
        guard let object = Self.openObject(shared.appending("\(name).age")),
            try object.status().sizeBytes >= statement.sizeBytes
        else { return .waiting }
        let summary = try? Self.read(
            shared.appending("\(name).summary"),
            countMax: Summary.sealedCount
        )
        if let certificate { try store.colleagues.keep(certificate) }
        let isTaken = try store.colleagues.take(
            receipt,
            statement,
            summary: summary,
            object: object
        )
        return isTaken ? .taken : .refused(.objectChanged)
    }

    private static func openObject(_ path: BytePath) -> OpenedFile? {
        guard let file = try? OpenedFile.reading(path, followingLinks: false),
            (try? file.status())?.kind == .file
        else { return nil }
        return file
    }

    private func certificate(
        of member: [UInt8],
        _ item: Case,
        in shared: BytePath
    ) throws -> MemberCertificate? {
        if let kept = try store.colleagues.certificate(of: member, in: item) { return kept }
        let path = shared.appending(Hex.encode(member) + ".member")
        guard let bytes = try? Self.read(path, countMax: MemberCertificate.byteCountMax) else {
            return nil
        }
        return MemberCertificate(parsing: bytes, for: item)
    }
}
