// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Storage

/// The part of an audit that looks at what colleagues deposited.
extension VaultStore {
    /// Checks what was taken in: receipts, the certificates of who got them, objects.
    ///
    /// Colleagues' logs are not here, so nothing shows that a receipt is missing as a whole; each
    /// that is here vouches for its object.
    func auditColleagues(
        isFull: Bool,
        _ report: inout AuditReport,
        _ progress: (UInt64) throws -> Void
    ) throws {
        guard FileStatus.exists(layout.colleagues) else { return }
        let audit = ColleagueAudit(layout)
        let certificates = try audit.certificates(&report)
        let deposits = try audit.deposits(certificates, &report)
        for deposit in deposits where try !isWhole(deposit, isFull: isFull, &report, progress) {
            report.problems.append(.file(audit.place(colleagues.objects.path(of: deposit.name))))
        }
        try audit.lookAround(Set(deposits.map(\.name)), &report)
    }

    private func isWhole(
        _ deposit: ColleagueStore.Deposit,
        isFull: Bool,
        _ report: inout AuditReport,
        _ progress: (UInt64) throws -> Void
    ) throws -> Bool {
        guard let file = try colleagues.objects.openIfPresent(deposit.name),
            try file.status().kind == .file,
            try file.status().sizeBytes == deposit.statement.sizeBytes
        else { return false }
        guard isFull else { return true }
        return try root(of: file, &report, progress) == deposit.statement.ciphertextRoot
    }
}

/// Looks at the small files that colleagues' deposits came with.
private struct ColleagueAudit {
    private static let parts = [
        "lock", "objects", "incoming", "receipts", "summaries", "members",
    ]

    private let home: BytePath
    private let store: ColleagueStore

    init(_ layout: HomeLayout) {
        home = layout.home
        store = ColleagueStore(layout)
    }

    /// A path below the home.
    func place(_ path: BytePath) -> String {
        String(path.text.dropFirst(home.text.count + 1))
    }

    /// Certificates by the key of their member.
    func certificates(_ report: inout AuditReport) throws -> [String: MemberCertificate] {
        var found: [String: MemberCertificate] = [:]
        for (name, path) in try files(store.members, ".member", &report) {
            let countMax = MemberCertificate.byteCountMax
            let bytes = try? Directory.contents(of: path, countMax: countMax)
            let certificate = bytes.flatMap { MemberCertificate(kept: $0) }
            guard let certificate, Hex.encode(certificate.statement.member) == name else {
                report.problems.append(.file(place(path)))
                continue
            }
            found[name] = certificate
        }
        return found
    }

    /// Deposits whose receipts read well; the others are named.
    func deposits(
        _ certificates: [String: MemberCertificate],
        _ report: inout AuditReport
    ) throws -> [ColleagueStore.Deposit] {
        var sights = LogSights()
        var found: [ColleagueStore.Deposit] = []
        for (name, path) in try files(store.receipts, ".receipt", &report) {
            guard let deposit = try? store.deposit(name) else {
                report.problems.append(.file(place(path)))
                continue
            }
            found.append(deposit)
            let member = Hex.encode(deposit.statement.member)
            let log = certificates[member]?.log
            let isGood = (try? deposit.receipt.verify(log: log)) != nil
            if !isGood || !sights.add(deposit.receipt) {
                report.problems.append(.file(place(path)))
            }
            let missing = AuditReport.Problem.file(
                place(store.members.appending(member + ".member"))
            )
            if log == nil, !report.problems.contains(missing) { report.problems.append(missing) }
        }
        return found
    }

    /// Summaries, and whatever has no place here.
    func lookAround(_ known: Set<String>, _ report: inout AuditReport) throws {
        for bytes in try Directory.names(in: store.directory) {
            let path = store.directory.appending(bytes)
            guard !Self.parts.contains(BytePath(bytes).text) else { continue }
            report.problems.append(.stranger(place(path)))
        }
        for (_, path) in try files(store.summaries, ".summary", &report) {
            let isWhole = (try? FileStatus(of: path))?.sizeBytes == Int64(Summary.sealedCount)
            if !isWhole { report.problems.append(.file(place(path))) }
        }
        guard FileStatus.exists(store.directory.appending("objects")) else { return }
        let (names, strangers) = try store.objects.list()
        // Objects come before their receipts: one without is what an interrupted run left.
        // A receipt that does not read was named.
        report.interruptedCount += names.count { !known.contains($0) && !store.contains($0) }
        report.problems += strangers.map { .stranger(place($0)) }
    }

    /// The files of a directory that are named after a digest; others are named.
    private func files(
        _ directory: BytePath,
        _ suffix: String,
        _ report: inout AuditReport
    ) throws -> [(name: String, path: BytePath)] {
        guard FileStatus.exists(directory) else { return [] }
        var found: [(name: String, path: BytePath)] = []
        for bytes in try Directory.names(in: directory) {
            let (path, text) = (directory.appending(bytes), BytePath(bytes).text)
            // What a killed run was writing is replaced next time.
            if text.hasSuffix(suffix + ".new") { continue }
            let name = String(text.dropLast(suffix.count))
            if text.hasSuffix(suffix), ObjectStore.isName(name) {
                found.append((name, path))
            } else {
                report.problems.append(.stranger(place(path)))
            }
        }
        return found
    }
}
