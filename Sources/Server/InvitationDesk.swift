// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Storage
internal import Synchronization
internal import TransparencyLog
package import Vault

/// Gives out invitations for codes, and takes each once.
///
/// Spec: `docs/spec/node.md`, section 10.
package final class InvitationDesk: Sendable {
    /// The longest file of a code.
    private static let codeCountMax = 256

    let issuer: InvitationIssuer
    private let files: any SmallFiles
    private let lock = Mutex(())

    /// A desk.
    ///
    /// - Parameters:
    ///   - issuer: With the node's key.
    ///   - files: Where codes and what was taken are kept.
    package init(issuer: InvitationIssuer, files: any SmallFiles) {
        self.issuer = issuer
        self.files = files
    }

    private func name(of secret: [UInt8]) -> String {
        "codes/" + Hex.encode(SHA256.hash(secret))
    }

    /// Notes a code that is good from now on.
    ///
    /// The node need not know of it: it looks when somebody comes.
    ///
    /// - Parameters:
    ///   - code: To be given to a person.
    ///   - expiry: Seconds since 1970.
    /// - Throws: ``FileFailure``.
    package func add(_ code: InvitationCode, expiry: Int64) throws {
        let text = Array("\(code.count) \(expiry)\n".utf8)
        _ = try files.replace(name(of: code.secret), nil, with: text)
    }

    /// Answers a request whose code is good.
    ///
    /// A request that was answered before gets its answer again, for those whose line broke.
    ///
    /// - Returns: Nil for a code that is not good, or was used for other invitations.
    /// - Throws: ``FileFailure``.
    func answer(_ request: InvitationRequest, now: Int64) throws -> InvitationAnswer? {
        let name = name(of: request.secret)
        let digest = Hex.encode(SHA256.hash(request.blindedBytes))
        let isGood = try lock.withLock { _ in
            let bytes = try files.contents(name, countMax: Self.codeCountMax)
            let words = String(decoding: bytes ?? [], as: UTF8.self).split(separator: " ")
                .map { $0.filter { !$0.isNewline } }
            guard (2...3).contains(words.count), Int(words[0]) == request.count,
                let expiry = Int64(words[1]), expiry >= now
            else { return false }
            if words.count == 3 { return words[2] == digest }
            let used = Array("\(words[0]) \(words[1]) \(digest)\n".utf8)
            return try files.replace(name, bytes, with: used)
        }
        return isGood ? issuer.answer(request) : nil
    }

    /// Takes an invitation for a case that is new here.
    ///
    /// - Returns: Whether it is one of ours, for this case, and was not taken for another.
    /// - Throws: ``FileFailure``.
    func take(_ ticket: InvitationTicket, for claim: CaseClaim) throws -> Bool {
        guard issuer.admits(ticket, claim) else { return false }
        let name = "spent/" + Hex.encode(SHA256.hash(ticket.input))
        let mark = Array((Hex.encode(claim.room) + "\n").utf8)
        return try lock.withLock { _ in
            if let old = try files.contents(name, countMax: 128) { return old == mark }
            if try files.replace(name, nil, with: mark) { return true }
            // Another process was faster.
            return try files.contents(name, countMax: 128) == mark
        }
    }
}

/// Shows the key of invitations with its proof, and answers requests.
///
/// Spec: `docs/spec/node.md`, section 10.
package struct InvitationSite: Site {
    private let desk: InvitationDesk
    private let path: String
    private let read: @Sendable () throws -> TiledLogReader
    private let published: PublishedCheckpoint
    private let log: ServerLog

    /// A site.
    ///
    /// - Parameters:
    ///   - desk: Behind it.
    ///   - name: Of the log within the node.
    ///   - read: Reads the log as it is now.
    ///   - published: What is shown of it.
    ///   - log: With the clock.
    package init(
        desk: InvitationDesk,
        name: String,
        read: @escaping @Sendable () throws -> TiledLogReader,
        published: PublishedCheckpoint,
        log: ServerLog
    ) {
        self.desk = desk
        path = "/\(name)/invitation-key"
        self.read = read
        self.published = published
        self.log = log
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        switch (question.method, question.path) {
        case (.get, path): return try await showKey()
        case (.post, "/invitations"):
            let bytes = try await question.body(InvitationRequest.byteCountMax)
            guard let request = InvitationRequest(parsing: bytes) else {
                return .text(400, "malformed")
            }
            let now = log.now
            let answer = try await Blocking.run { [desk] in try desk.answer(request, now: now) }
            guard let answer else { return .text(403, "code") }
            return Answer(body: answer.bytes)
        default: return nil
        }
    }

    private func showKey() async throws -> Answer {
        guard let current = published.current, current.checkpoint.size > 0 else {
            return .text(503, "no checkpoint of this log has enough cosignatures yet")
        }
        let proof = try await Blocking.run { [read, desk] in
            let reader = try read()
            let hashes = try reader.inclusionProof(of: 0, size: current.checkpoint.size)
            return TlogProof(
                extra: desk.issuer.key.entry,
                index: 0,
                hashes: hashes,
                note: current.note
            )
        }
        return Answer(caching: .brief, body: proof.encoded)
    }
}
