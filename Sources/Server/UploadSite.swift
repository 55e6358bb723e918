// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Statements
internal import Storage
internal import Vault

/// Takes objects with tus 1.0.0: core, creation, checksum, expiration.
///
/// There is no termination: what was begun goes when its time is over.
///
/// Spec: tus 1.0.0; `docs/spec/node.md`, section 6.
package struct UploadSite: Site {
    private static let version = "1.0.0"
    private static let extensions = "creation,checksum,expiration"
    private static let algorithms = "sha1,sha256"
    private static let mediaType = "application/offset+octet-stream"
    /// Carries a ticket.
    private static let invitation = "Resguardo-Invitation"
    private static let notInvited = "notInvited"
    /// What tus answers when a checksum does not fit.
    private static let mismatch = 460

    private let shelf: DepositShelf
    private let node: String
    private let sequencer: DepositSequencer
    private let nonces = UploadNonces()
    private let log: ServerLog

    /// A site.
    ///
    /// - Parameters:
    ///   - shelf: Where uploads go.
    ///   - node: The name of the node's log.
    ///   - sequencer: Gets what is whole.
    ///   - log: With the clock.
    package init(
        shelf: DepositShelf,
        node: String,
        sequencer: DepositSequencer,
        log: ServerLog
    ) {
        self.shelf = shelf
        self.node = node
        self.sequencer = sequencer
        self.log = log
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        let parts = question.path.split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        switch (parts.count, parts.first) {
        case (1, "nonce") where question.method == .post:
            return .text(200, Hex.encode(nonces.make(now: log.now)))
        case (3, "cases") where parts.last == "uploads":
            guard let token = Self.secret(parts[2]) else { return nil }
            return try await version(question) { try await create(question, token) }
        case (2, "uploads"):
            guard let capability = Self.secret(parts[2]) else { return nil }
            return try await version(question) { try await transfer(question, capability) }
        default: return nil
        }
    }

    /// 32 bytes in the one way of writing them.
    static func secret(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count == 64, let bytes = try? Hex.decode(String(text)) else { return nil }
        return bytes
    }

    /// Sees to it that both sides speak the same version.
    private func version(
        _ question: Question,
        _ body: () async throws -> Answer?
    ) async throws -> Answer? {
        if question.method == .options {
            var headers = ["Tus-Resumable": Self.version, "Tus-Version": Self.version]
            headers["Tus-Extension"] = Self.extensions
            headers["Tus-Checksum-Algorithm"] = Self.algorithms
            headers["Tus-Max-Size"] = String(shelf.limits.objectBytesMax)
            return Answer(status: 204, headers: headers)
        }
        guard question.header("Tus-Resumable") == Self.version else {
            return Answer(status: 412, headers: ["Tus-Version": Self.version])
        }
        guard let answer = try await body() else { return nil }
        return answer.adding(["Tus-Resumable": Self.version])
    }

    // MARK: Creation

    private func create(_ question: Question, _ token: [UInt8]) async throws -> Answer? {
        guard question.method == .post else { return nil }
        let bytes = try await question.body(DepositOffer.byteCountMax)
        let now = log.now
        do {
            return try await Blocking.run { [self] in
                let room = SHA256.hash(token)
                let offer = try DepositOffer(parsing: bytes, node: node, room: room)
                let size = Int64(question.header("Upload-Length") ?? "")
                guard size == offer.upload.sizeBytes else {
                    throw DepositOffer.Flaw.otherObject
                }
                // Only a request that is in order uses its nonce up.
                guard nonces.use(offer.upload.nonce, now: now) else { return .text(403, "nonce") }
                let ticket = question.header(Self.invitation).flatMap(InvitationTicket.init)
                let (capability, expiry) = try begin(offer, bytes, ticket, now)
                return Answer(
                    status: 201,
                    headers: [
                        "Location": "/uploads/" + Hex.encode(capability),
                        "Upload-Expires": HTTPDate.text(expiry), "Upload-Offset": "0",
                    ]
                )
            }
        } catch DepositOffer.Flaw.malformed {
            return .text(400, DepositOffer.Flaw.malformed.rawValue)
        } catch let flaw as DepositOffer.Flaw {
            return .text(403, flaw.rawValue)
        } catch let refusal as DepositShelf.Refusal {
            return Self.answer(refusal)
        } catch let failure as FileFailure where failure.isFull {
            return .text(507, "the node's disk is full")
        }
    }

    private func begin(
        _ offer: DepositOffer,
        _ bytes: [UInt8],
        _ ticket: InvitationTicket?,
        _ now: Int64
    ) throws -> (capability: [UInt8], expiry: Int64) {
        do {
            return try shelf.begin(offer, bytes, ticket: ticket, now: now)
        } catch DepositShelf.Refusal.present {
            // The offer says all that a receipt takes.
            if let object = try shelf.forgotten(offer) { sequencer.add(object) }
            throw DepositShelf.Refusal.present
        }
    }

    private static func answer(_ refusal: DepositShelf.Refusal) -> Answer {
        switch refusal {
        case .otherCase: .text(403, "otherCase")
        case .notInvited: .text(403, notInvited)
        case .present: .text(409, "present")
        case .tooLarge: .text(413, "tooLarge")
        case .quota: .text(507, "quota")
        case .busy: Answer.text(503, "busy").adding(["Retry-After": "30"])
        }
    }

    // MARK: Transfer

    private func transfer(_ question: Question, _ capability: [UInt8]) async throws -> Answer? {
        guard let upload = shelf.upload(capability), upload.expiry > log.now else { return nil }
        let isPatch =
            question.method == .patch
            || question.method == .post && question.header("X-HTTP-Method-Override") == "PATCH"
        if question.method == .get { return try await report(upload) }
        guard isPatch else { return .text(405, "uploads are never taken back") }
        guard question.header("Content-Type") == Self.mediaType else {
            return .text(415, Self.mediaType)
        }
        guard let offset = UInt64(question.header("Upload-Offset") ?? "") else {
            return .text(400, "Upload-Offset")
        }
        let header = question.header("Upload-Checksum")
        let checksum = header.flatMap(UploadChecksum.init)
        guard (header == nil) == (checksum == nil) else { return .text(400, "Upload-Checksum") }
        return try await append(question, upload, offset, checksum)
    }

    /// Says how much is here; what is whole, and had no room in its place, tries again.
    private func report(_ upload: Upload) async throws -> Answer {
        do {
            return try await finish(upload, status: 200)
        } catch let failure as FileFailure where failure.isFull {
            return .text(507, "the node's disk is full")
        }
    }

    private func append(
        _ question: Question,
        _ upload: Upload,
        _ offset: UInt64,
        _ checksum: UploadChecksum?
    ) async throws -> Answer {
        let (transfer, here) = upload.take()
        guard offset == here else { return Self.status(upload, 409, here) }
        do {
            try await question.stream { bytes in
                try await Blocking.run { try upload.append(bytes, transfer) }
            }
            if let checksum {
                let isRight = try await Blocking.run {
                    try upload.keep(from: offset, if: checksum, transfer)
                }
                guard isRight else {
                    return Self.status(upload, Self.mismatch, upload.take().offset)
                }
            }
            return try await finish(upload)
        } catch Upload.Refusal.takenOver {
            return .text(409, "another transfer goes on with this upload")
        } catch Upload.Refusal.tooMany {
            return Self.status(upload, 413, upload.take().offset)
        } catch Upload.Refusal.otherPiece {
            return Self.status(upload, Self.mismatch, upload.take().offset)
        } catch let failure as FileFailure where failure.isFull {
            return .text(507, "the node's disk is full")
        }
        // A body that broke off leaves what arrived, checksum or not: the pieces judge it.
    }

    /// Answers a transfer that came to its end.
    private func finish(_ upload: Upload, status: Int = 204) async throws -> Answer {
        let (_, offset) = upload.take()
        if offset == upload.size, !upload.isFinished {
            let unsequenced = try await Blocking.run { [shelf] in try shelf.finish(upload) }
            if let unsequenced { sequencer.add(unsequenced) }
        }
        return Self.status(upload, status, offset)
    }

    private static func status(_ upload: Upload, _ status: Int, _ offset: UInt64) -> Answer {
        Answer(
            status: status,
            headers: [
                "Upload-Offset": String(offset), "Upload-Length": String(upload.size),
                "Upload-Expires": HTTPDate.text(upload.expiry),
            ]
        )
    }
}
