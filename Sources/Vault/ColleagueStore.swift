// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Statements
package import Storage
internal import TransparencyLog

/// What colleagues deposited into shared cases: their sealed objects, receipts and certificates.
///
/// Nothing here is in this home's log. What was taken in was checked: an admitted member signed the
/// statement, the member's own log accepted it, and the object is the one that it names.
///
/// Spec: `docs/spec/vault.md`, section 8.4.
package struct ColleagueStore: Sendable {
    /// Why something of a colleague's was not taken in.
    package enum Refusal: Equatable, Sendable {
        /// It is no receipt, or its name is not that of the object.
        case malformed
        /// It belongs to another case.
        case otherCase
        /// Nobody admitted its member to the case.
        case unknownMember
        /// It proves nothing.
        case receipt(ReceiptFlaw)
        /// The object has other bytes than the receipt says.
        case objectChanged
        /// The member's log says something else than it said before: it has forked.
        case fork
        /// This home's own log says something else: another copy of this home is in use, or this
        /// one was set back.
        case ownFork
        /// Something stands in the way in the shared directory.
        case blocked
    }

    let directory: BytePath
    private let files: any FileSystem
    /// Their sealed objects.
    package let objects: ObjectStore

    /// What colleagues deposited, in a home.
    package init(_ layout: HomeLayout) {
        directory = layout.colleagues
        files = layout.files
        objects = ObjectStore(home: layout.colleagues, files: layout.files)
    }

    var receipts: BytePath { directory.appending("receipts") }
    var summaries: BytePath { directory.appending("summaries") }
    var members: BytePath { directory.appending("members") }
    /// Held while something is taken in.
    var lock: BytePath { directory.appending("lock") }

    private func path(_ directory: BytePath, _ name: String, _ kind: String) -> BytePath {
        directory.appending("\(name).\(kind)")
    }

    func create() throws {
        try objects.create()
        for directory in [receipts, summaries, members] { try files.make(directory) }
    }

    // MARK: Members

    /// The certificate of a member, if it was kept.
    func certificate(of member: [UInt8], in item: Case) throws -> MemberCertificate? {
        let path = path(members, Hex.encode(member), "member")
        let countMax = MemberCertificate.byteCountMax
        return try Directory.contentsIfPresent(of: path, countMax: countMax).flatMap {
            MemberCertificate(parsing: $0, for: item)
        }
    }

    func keep(_ certificate: MemberCertificate) throws {
        let path = path(members, Hex.encode(certificate.statement.member), "member")
        guard !FileStatus.exists(path) else { return }
        try files.replace(path, with: certificate.bytes)
    }

    // MARK: Taking in

    /// Whether an object was taken in with its receipt, and still has its length.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - isFull: Whether it must still have its bytes, too.
    /// - Returns: False if it has to be taken in, or again.
    package func contains(_ name: String, isFull: Bool = false) -> Bool {
        guard let deposit = try? deposit(name),
            let status = try? FileStatus(of: objects.path(of: name), followingLinks: false),
            status.kind == .file, status.sizeBytes == deposit.statement.sizeBytes
        else { return false }
        guard isFull else { return true }
        // What cannot be read has rotted.
        let root = try? CiphertextRoot.of(objects.open(name))
        return root == deposit.statement.ciphertextRoot
    }

    /// Checks a receipt of a colleague; the object is not looked at.
    ///
    /// - Parameters:
    ///   - receipt: From anywhere.
    ///   - certificate: Of the member that its statement names.
    ///   - item: The shared case.
    ///   - name: What the receipt is called: the name of the object.
    /// - Returns: What is wrong; nil if nothing is.
    package static func flaw(
        of receipt: Receipt,
        certificate: MemberCertificate?,
        item: Case,
        name: String
    ) -> Refusal? {
        guard let statement = try? receipt.statement(),
            Hex.encode(statement.ciphertextRoot) == name
        else { return .malformed }
        guard statement.casePseudonym == item.pseudonym else { return .otherCase }
        guard let certificate, certificate.statement.member == statement.member else {
            return .unknownMember
        }
        do {
            _ = try receipt.verify(log: certificate.log)
            return nil
        } catch VaultError.invalidReceipt(let flaw) {
            return .receipt(flaw)
        } catch {
            return .malformed
        }
    }

    /// Takes in a colleague's deposit whose receipt was checked.
    ///
    /// The object is durable under its name before the receipt is, so a receipt here means that the
    /// object is here.
    ///
    /// - Parameters:
    ///   - receipt: The receipt.
    ///   - statement: What it says.
    ///   - summary: The sealed list of its files, if it came along.
    ///   - object: The sealed object, read to its end.
    /// - Returns: Whether the object is the one that the receipt is for.
    /// - Throws: ``FileFailure``.
    package func take(
        _ receipt: Receipt,
        _ statement: DepositStatement,
        summary: [UInt8]?,
        object: borrowing OpenedFile
    ) throws -> Bool {
        let name = Hex.encode(statement.ciphertextRoot)
        guard try objects.take(name, statement.sizeBytes, from: object) else { return false }
        if let summary, summary.count == Summary.sealedCount {
            try files.replace(path(summaries, name, "summary"), with: summary)
        }
        try files.replace(path(receipts, name, "receipt"), with: receipt.bytes)
        return true
    }

    // MARK: Reading

    /// One deposit of a colleague.
    package struct Deposit: Sendable {
        /// The name of the object.
        package let name: String
        /// The receipt that the colleague got.
        package let receipt: Receipt
        /// What it says.
        package let statement: DepositStatement
    }

    /// All deposits of colleagues, in the order of their names; receipts that do not read are
    /// named.
    ///
    /// - Throws: ``FileFailure``.
    package func deposits() throws -> (found: [Deposit], damaged: [String]) {
        guard FileStatus.exists(receipts) else { return ([], []) }
        var found: [Deposit] = []
        var damaged: [String] = []
        for file in try Directory.names(in: receipts) {
            let text = String(decoding: file, as: UTF8.self)
            guard text.hasSuffix(".receipt") else { continue }
            let name = String(text.dropLast(".receipt".count))
            if let deposit = try? deposit(name) {
                found.append(deposit)
            } else {
                damaged.append(name)
            }
        }
        return (found, damaged)
    }

    /// The deposit of an object's name.
    ///
    /// - Throws: ``VaultError/malformedReceipt(line:)``, ``FileFailure``.
    package func deposit(_ name: String) throws -> Deposit {
        let receipt = try Receipt(
            parsing: Directory.contents(
                of: path(receipts, name, "receipt"),
                countMax: Receipt.byteCountMax
            )
        )
        let statement = try receipt.statement()
        guard Hex.encode(statement.ciphertextRoot) == name else {
            throw VaultError.malformedReceipt(line: 4)
        }
        return Deposit(name: name, receipt: receipt, statement: statement)
    }

    func summary(of name: String) throws -> [UInt8]? {
        try Directory.contentsIfPresent(
            of: path(summaries, name, "summary"),
            countMax: Summary.sealedCount
        )
    }
}

/// What logs have said so far, so that one that says two things is found out.
struct LogSights {
    private var entries: [String: [UInt64: LogHash]] = [:]
    private var roots: [String: [UInt64: LogHash]] = [:]

    /// Remembers what a receipt says that verifies.
    ///
    /// - Returns: Whether it agrees with all before it.
    mutating func add(_ receipt: Receipt) -> Bool {
        guard let checkpoint = try? receipt.verify().checkpoint else { return false }
        let log = receipt.log.encoded
        let leaf = receipt.leaf
        let (index, size) = (receipt.proof.index, checkpoint.size)
        guard entries[log]?[index].map({ $0 == leaf }) ?? true,
            roots[log]?[size].map({ $0 == checkpoint.root }) ?? true
        else { return false }
        entries[log, default: [:]][index] = leaf
        roots[log, default: [:]][size] = checkpoint.root
        return true
    }
}
