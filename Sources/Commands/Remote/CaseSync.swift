// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Encodings
import Glibc
import Statements
import Storage
import Synchronization
import TransparencyLog
import Vault

/// Trades one case with one node.
///
/// Spec: `docs/spec/node.md`, section 7.
struct CaseSync {
    /// How often a receipt is asked for, with a quarter of a second between.
    private static let receiptAttemptCountMax = 40
    private static let receiptPauseMicroseconds: UInt32 = 250_000

    let home: Home
    let remote: Remote
    let node: NodeClient
    let item: Case
    /// Whether every object here is read, to find what has rotted.
    let isFull: Bool
    /// Most items of the case that are on their way at a time.
    let transferCountMax: Int

    /// Trades.
    ///
    /// - Returns: The checkpoints under which the node gave receipts.
    func run(_ report: inout NodeReport, _ console: Console) throws -> [SignedNote] {
        let token = item.nodeToken()
        let there = try node.list(token)
        let own = try home.store.index().items(of: item.pseudonymText)
        let broken = try repair(token, there, &report, console)
        var missing: [Missing] = []
        // Of these a node that lost its uploads has to be reminded.
        var forgotten: [Missing] = []
        var unproven: [UInt64] = []
        for (entry, row) in own {
            let mark = remote.changed.appending(row.object)
            let isChanged = FileStatus.exists(mark)
            let isThere =
                there["\(row.object).age"] == row.sizeBytes && !isChanged
                && ["pieces", "slip"].allSatisfy { there["\(row.object).\($0)"] != nil }
            let hasReceipt = FileStatus.exists(remote.receipt(of: row.object))
            if !isThere {
                if hasReceipt, !isChanged { report.lost.append(row.object) }
                guard !broken.contains(row.object) else { continue }
                missing.append(
                    Missing(
                        entry: entry,
                        sizeBytes: row.sizeBytes,
                        mark: isChanged ? mark : nil
                    )
                )
            }
            if !hasReceipt { unproven.append(entry) }
            if isThere, there["\(row.object).receipt"] == nil {
                forgotten.append(Missing(entry: entry, sizeBytes: row.sizeBytes, mark: nil))
            }
        }
        // What was sent before a failure is counted, and its receipts wait for the next time.
        try push(missing, token, isNew: there.isEmpty, &report, console)
        try push(forgotten, token, isNew: false, &report, console)
        var notes: [SignedNote] = []
        for entry in unproven {
            if let note = try takeReceipt(entry, token) {
                report.receiptCount += 1
                notes.append(note)
            } else {
                report.waitingCount += 1
            }
        }
        try pull(token, there, own: Set(own.map(\.row.object)), &report, console)
        return notes
    }

    // MARK: Repairing

    /// Takes back objects that are missing or damaged here.
    ///
    /// - Returns: Those that the node cannot give.
    private func repair(
        _ token: [UInt8],
        _ there: [String: Int64],
        _ report: inout NodeReport,
        _ console: Console
    ) throws -> Set<String> {
        var broken: Set<String> = []
        let folder = remote.incoming.appending(item.pseudonymText)
        for expected in try home.store.objects(of: item)
        where try !home.store.isWhole(expected, isFull: isFull) {
            let name = expected.object
            let isOffered = there["\(name).age"] == expected.sizeBytes
            var isRepaired = false
            if isOffered {
                try home.layout.files.make(folder)
                try fetchObject(name, expected.sizeBytes, token, to: folder, console)
                let copy = folder.appending("\(name).age")
                isRepaired = try home.store.restore(expected, from: copy)
                try home.layout.files.remove(copy)
            }
            if isRepaired {
                report.repaired.append(name)
                continue
            }
            broken.insert(name)
            guard isOffered else { continue }
            report.changed.append(name)
            try remote.mark(name, home.layout.files)
        }
        report.broken += broken.sorted()
        return broken
    }

    // MARK: Sending

    /// An item that the node lacks.
    private struct Missing {
        let entry: UInt64
        let sizeBytes: Int64
        /// What says that the node gave other bytes; it goes once the right ones are sent.
        let mark: BytePath?
    }

    /// Sends items, some at a time.
    private func push(
        _ items: [Missing],
        _ token: [UInt8],
        isNew: Bool,
        _ report: inout NodeReport,
        _ console: Console
    ) throws {
        guard !items.isEmpty else { return }
        let bar = console.progress(
            Text(en: "Sending", es: "Enviando"),
            total: items.reduce(0) { $0 + $1.sizeBytes }
        )
        defer { bar.finish() }
        let work = Mutex((next: 0, sentCount: 0, failure: (any Error)?.none))
        defer { report.sentCount += work.withLock { $0.sentCount } }
        @Sendable func sendNext() -> Bool {
            let place = work.withLock { work -> Int? in
                guard work.failure == nil, work.next < items.count else { return nil }
                defer { work.next += 1 }
                return work.next
            }
            guard let place else { return false }
            do {
                let isSent = try push(items[place].entry, token, bar)
                if let mark = items[place].mark { try home.layout.files.remove(mark) }
                if isSent { work.withLock { $0.sentCount += 1 } }
                return true
            } catch {
                work.withLock { $0.failure = $0.failure ?? error }
                return false
            }
        }
        // A case that is new to the node comes with its first item, and with one invitation.
        if isNew { _ = sendNext() }
        DispatchQueue.concurrentPerform(
            iterations: min(transferCountMax, items.count)
        ) { _ in
            while sendNext() {}
        }
        if let failure = work.withLock({ $0.failure }) { throw failure }
    }

    /// Sends an item, from where an earlier run left off.
    ///
    /// - Returns: Whether it was sent, and not there already.
    private func push(_ entry: UInt64, _ token: [UInt8], _ bar: ProgressBar) throws -> Bool {
        let parts = try home.offer(of: entry, in: item)
        let kept = remote.uploads.appending(parts.name)
        let files = home.layout.files
        var path = try Directory.contentsIfPresent(of: kept, countMax: 128).map {
            String(decoding: $0, as: UTF8.self)
        }
        for _ in 0..<2 {
            if path == nil {
                guard let begun = try begin(parts, token) else { return false }
                try files.replace(kept, with: Array(begun.utf8))
                path = begun
            }
            guard let target = path else { continue }
            if try send(parts.name, parts.deposit.sizeBytes, to: target, bar) {
                try files.remove(kept)
                return true
            }
            // The node has forgotten it: its time was over.
            path = nil
        }
        return false
    }

    /// Begins an upload, with an invitation where the node wants one.
    ///
    /// - Returns: Its path; nil if the node has the object.
    private func begin(_ parts: DepositOffer.Parts, _ token: [UInt8]) throws -> String? {
        var ticket: InvitationTicket?
        while true {
            let nonce = try node.nonce()
            let name = try remote.log().name.description
            let offer = try DepositOffer(parts, of: item, node: name, nonce: nonce)
            switch try node.create(offer, token: token, ticket: ticket) {
            case .begun(let path): return path
            case .present: return nil
            case .notInvited:
                let purse = InvitationPurse(home, directory: remote.invitations)
                guard ticket == nil, let next = try purse.ticket(for: offer.claim) else {
                    throw notInvited()
                }
                ticket = next
            }
        }
    }

    private func notInvited() -> Failure {
        Failure(
            .notAllowed,
            Text(
                en: "“\(remote.name)” takes new cases by invitation only, and there is none left",
                es: "«\(remote.name)» solo recibe casos nuevos con invitación, y no queda una"
            ),
            hint: Text(
                en: "ask its operator for a code: resguardo invite accept \(remote.name) CODE",
                es: "pida un código a quien lo opera: resguardo invite accept"
                    + " \(remote.name) CÓDIGO"
            )
        )
    }

    /// Sends an object; a line that broke is tried again as long as it brings something.
    ///
    /// - Returns: Whether all of it is there; false if the node does not know the upload.
    private func send(
        _ name: String,
        _ size: Int64,
        to path: String,
        _ bar: ProgressBar
    ) throws -> Bool {
        let object = try LocalFileSystem().open(home.layout.objects.path(of: name))
        let way = Way(bar)
        // Nil until the node says how much is there.
        var offset: Int64?
        while true {
            do {
                if offset == nil {
                    guard let known = try node.offset(path) else { return false }
                    offset = known
                    way.reach(known)
                }
                guard let start = offset, start < size else {
                    guard offset == size else { throw tooMuch(name) }
                    return true
                }
                let count = Int(min(Int64(NodeClient.stepCount), size - start))
                let bytes = try object.read(at: UInt64(start), count: count)
                offset = nil
                offset = try node.append(bytes, at: start, path) { way.reach(start + $0) }
            } catch let failure as Failure where failure.kind == .cannotReachServer {
                guard let seconds = way.fail() else { throw failure }
                sleep(seconds)
            }
        }
    }

    /// A line that breaks is no reason for this: to try again would not help.
    private func tooMuch(_ name: String) -> Failure {
        Failure(
            .doesNotVerify,
            Text(
                en: "ALARM: the node says that it has more of \(name) than there is",
                es: "ALARMA: el nodo dice tener más de \(name) de lo que hay"
            ),
            word: "offset"
        )
    }

    // MARK: Receipts

    /// Gets the node's receipt of an own item and keeps it.
    ///
    /// - Returns: The checkpoint under which it was given; nil while it waits for witnesses.
    private func takeReceipt(_ entry: UInt64, _ token: [UInt8]) throws -> SignedNote? {
        let record = try home.store.record(entry, in: home.store.log())
        let name = Hex.encode(record.statement.ciphertextRoot)
        for attempt in 0..<Self.receiptAttemptCountMax {
            if attempt > 0 { usleep(Self.receiptPauseMicroseconds) }
            guard
                let bytes = try node.file(
                    token,
                    name + ".receipt",
                    countMax: Receipt.byteCountMax
                )
            else { continue }
            guard let receipt = try? Receipt(parsing: bytes), receipt.envelope == record.envelope,
                receipt.salt == record.salt, receipt.log == (try remote.log()),
                (try? receipt.proof.verify(leaf: receipt.leaf, policy: remote.policy)) != nil
            else { throw badReceipt(name) }
            try home.layout.files.replace(remote.receipt(of: name), with: bytes)
            return receipt.proof.note
        }
        return nil
    }

    private func badReceipt(_ name: String) -> Failure {
        Failure(
            .doesNotVerify,
            Text(
                en: "ALARM: the node's receipt for \(name) does not verify",
                es: "ALARMA: el recibo del nodo para \(name) no se verifica"
            ),
            word: "receipt"
        )
    }

    // MARK: Taking in

    private func pull(
        _ token: [UInt8],
        _ there: [String: Int64],
        own: Set<String>,
        _ report: inout NodeReport,
        _ console: Console
    ) throws {
        let folder = remote.incoming.appending(item.pseudonymText)
        var fetched = false
        for name in there.keys.sorted() where name.hasSuffix(".slip") {
            let object = String(name.dropLast(".slip".count))
            guard ObjectStore.isName(object), !own.contains(object),
                !home.store.colleagues.contains(object, isFull: isFull)
            else { continue }
            try home.layout.files.make(folder)
            let isRight = try fetch(object, token, there, to: folder, console)
            if isRight {
                fetched = true
            } else {
                report.refused.append(.init(file: name, reason: .malformed))
            }
        }
        guard fetched else { return }
        let taken = try home.takeIn(item, from: folder, isFull: isFull)
        report.takenCount += taken.importedCount
        report.refused += taken.refused
        // What was taken in lies among the colleagues' objects now; what was refused is of no use.
        for name in try Directory.names(in: folder) {
            try home.layout.files.remove(folder.appending(name))
        }
    }

    /// Gets all that belongs to a colleague's object, in the form of an exchange directory.
    ///
    /// - Returns: Whether it was put there for this case.
    private func fetch(
        _ object: String,
        _ token: [UInt8],
        _ there: [String: Int64],
        to folder: BytePath,
        _ console: Console
    ) throws -> Bool {
        let files = home.layout.files
        let sealed = try node.file(token, "\(object).slip", countMax: CaseSlip.sealedCountMax)
        guard let sealed, let slip = CaseSlip(opening: sealed, for: item),
            let receipt = try? Receipt(parsing: slip.receipt),
            let statement = try? receipt.statement(),
            Hex.encode(statement.ciphertextRoot) == object
        else { return false }
        guard there["\(object).age"] == statement.sizeBytes else { return false }
        let member = Hex.encode(statement.member) + ".member"
        try files.replace(folder.appending(member), with: slip.certificate)
        try fetchObject(object, statement.sizeBytes, token, to: folder, console)
        let summary = try node.file(token, "\(object).summary", countMax: 4096)
        if let summary {
            try files.replace(folder.appending("\(object).summary"), with: summary)
        }
        try files.replace(folder.appending("\(object).receipt"), with: slip.receipt)
        return true
    }

    /// Gets an object, from where an earlier run left off.
    private func fetchObject(
        _ object: String,
        _ size: Int64,
        _ token: [UInt8],
        to folder: BytePath,
        _ console: Console
    ) throws {
        let path = folder.appending("\(object).age")
        let files = home.layout.files
        let file: any WritableFile
        var offset: Int64 = 0
        if FileStatus.exists(path) {
            offset = min(try FileStatus(of: path, followingLinks: false).sizeBytes, size)
            file = try files.reopen(path, keeping: UInt64(offset))
        } else {
            file = try files.create(path, replacing: false, mode: 0o600)
        }
        let bar = console.progress(Text(en: "Receiving", es: "Recibiendo"), total: size)
        defer { bar.finish() }
        bar.advance(by: offset)
        while offset < size {
            let count = Int(min(Int64(NodeClient.stepCount), size - offset))
            let part = try node.part(token, "\(object).age", from: offset, count: count)
            // Gone since it was listed: what is here waits for another time.
            guard let part else { break }
            try file.write(part)
            offset += Int64(count)
            bar.advance(by: Int64(count))
        }
        try file.sync()
        try file.close()
    }
}
