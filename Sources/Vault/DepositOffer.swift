// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
package import Statements
internal import Storage
package import TransparencyLog

/// What a member of a case hands to a node so that it takes a sealed object: everything but the
/// object itself.
///
/// Spec: `docs/spec/node.md`, section 6.2.
package struct DepositOffer: Sendable {
    /// Why a node does not take an object.
    package enum Flaw: String, Error, Sendable {
        /// It is no offer, or not whole.
        case malformed
        /// It was made for another node, or another case.
        case otherPlace
        /// The depositor's key or the case's did not sign this.
        case signature
        /// Size or pieces are not those of the object in the statement.
        case otherObject
    }

    /// The longest offer: the pieces of 64 GiB, and a receipt.
    package static let byteCountMax = 8 << 20
    /// The most pieces.
    package static let pieceCountMax = 1 << 16
    private static let heading = "resguardo-offer/1"
    private static let pieceTextMax = (pieceCountMax * BLAKE2b256.digestCount + 2) / 3 * 4

    /// Everything about an object that does not depend on when and where it is sent.
    package struct Parts: Sendable {
        /// The signed deposit statement.
        package let envelope: Envelope
        /// What it says.
        package let deposit: DepositStatement
        /// Hides the statement in logs.
        package let salt: [UInt8]
        /// The sealed list of the item's files, or filler.
        package let summary: [UInt8]
        /// Receipt and certificate, sealed for those who were given the case.
        package let slip: [UInt8]
        /// Hashes of all pieces, one after the other.
        package let pieces: [UInt8]

        /// The name of the object.
        package var name: String { Hex.encode(deposit.ciphertextRoot) }
        /// What a log keeps of the statement.
        package var entry: [UInt8] { DepositRecord.entry(salt: salt, envelope: envelope.bytes) }

        /// The lines of an offer that are the same wherever it goes.
        fileprivate var text: [UInt8] {
            Array(
                """
                deposit \(envelope.json.canonicalText)
                salt \(Base64.encode(salt))
                summary \(Base64.encode(summary))
                slip \(Base64.encode(slip))
                pieces \(Base64.encode(pieces))

                """.utf8
            )
        }

        /// The hash of one piece.
        package func piece(_ index: Int) -> [UInt8] {
            let start = index * BLAKE2b256.digestCount
            return Array(pieces[start..<(start + BLAKE2b256.digestCount)])
        }

        /// Whether the pieces are those of the object in the statement.
        fileprivate var fits: Bool {
            let pieceBytes = Int64(CiphertextRoot.pieceCount)
            let count = (deposit.sizeBytes - 1) / pieceBytes + 1
            return count <= Int64(DepositOffer.pieceCountMax)
                && pieces.count == Int(count) * BLAKE2b256.digestCount
                && CiphertextRoot.root(ofPieces: pieces) == deposit.ciphertextRoot
        }

        /// The receipt of a node's log.
        ///
        /// - Parameters:
        ///   - log: The key of the node's log.
        ///   - proof: That the statement is in it.
        /// - Returns: Not verified.
        package func receipt(log: NoteVerifier, proof: TlogProof) -> Receipt {
            Receipt(log: log, salt: salt, envelope: envelope, proof: proof)
        }
    }

    /// What is offered.
    package let parts: Parts
    /// The signed request.
    package let authority: Envelope
    /// What the request says.
    package let upload: UploadStatement

    /// Signs a request.
    ///
    /// - Parameters:
    ///   - parts: From ``Home/offer(of:in:)``.
    ///   - item: The case.
    ///   - node: The name of the node's log.
    ///   - nonce: What the node gave out.
    /// - Throws: `StatementError`.
    package init(_ parts: Parts, of item: Case, node: String, nonce: [UInt8]) throws {
        self.parts = parts
        upload = UploadStatement(
            node: node,
            room: SHA256.hash(item.nodeToken()),
            admission: item.admissionKey.bytes,
            sizeBytes: parts.deposit.sizeBytes,
            offer: SHA256.hash(parts.text),
            nonce: nonce
        )
        var envelope = try upload.signed(by: item.memberSecretKey())
        try envelope.sign(with: item.admissionSecretKey())
        authority = envelope
    }

    /// What the case is on the node.
    package var claim: CaseClaim {
        CaseClaim(
            room: upload.room,
            admission: upload.admission,
            pseudonym: parts.deposit.casePseudonym
        )
    }

    /// The text.
    package var bytes: [UInt8] {
        Array("\(Self.heading)\nauthority \(authority.json.canonicalText)\n".utf8) + parts.text
    }

    /// Reads an offer and checks everything but the nonce, which only the node that gave it out
    /// can check.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - node: The name of the node's log.
    ///   - room: SHA-256 of the token under which the case is kept; nil leaves it open.
    /// - Throws: The flaw found first.
    package init(parsing bytes: [UInt8], node: String, room: [UInt8]?) throws(Flaw) {
        guard bytes.count <= Self.byteCountMax, let (authority, parts) = Self.read(bytes),
            let upload = try? authority.read(UploadStatement.self)
        else { throw .malformed }
        self.authority = authority
        self.parts = parts
        self.upload = upload
        guard upload.node == node, room == nil || upload.room == room else { throw .otherPlace }
        guard upload.offer == SHA256.hash(parts.text),
            upload.sizeBytes == parts.deposit.sizeBytes, parts.fits
        else { throw .otherObject }
        guard let member = try? Ed25519.PublicKey(parts.deposit.member),
            let admission = try? Ed25519.PublicKey(upload.admission),
            (try? authority.verify(keys: [member])) != nil,
            (try? authority.verify(keys: [admission])) != nil
        else { throw .signature }
    }

    private static func read(_ bytes: [UInt8]) -> (Envelope, Parts)? {
        var reader = ByteReader(bytes)
        // Whatever fails here is no offer; where is of interest to nobody.
        do {
            func value(_ name: String, _ countMax: Int) throws -> [UInt8] {
                try DepositRecord.value(name + " ", &reader, countMax: countMax)
            }
            try DepositRecord.read(heading, &reader)
            let authority = try Envelope(canonical: value("authority", 1 << 14))
            let envelope = try Envelope(canonical: value("deposit", 1 << 17))
            let parts = Parts(
                envelope: envelope,
                // Signed by its own member, or it is nobody's.
                deposit: try DepositRecord.open(envelope),
                salt: try Base64.decode(value("salt", 64)),
                summary: try Base64.decode(value("summary", 2048)),
                slip: try Base64.decode(value("slip", CaseSlip.sealedCountMax / 3 * 4 + 4)),
                pieces: try Base64.decode(value("pieces", pieceTextMax))
            )
            try reader.requireEnd()
            guard parts.salt.count == DepositRecord.saltCount,
                parts.summary.count == Summary.sealedCount
            else { return nil }
            return (authority, parts)
        } catch {
            return nil
        }
    }
}

extension Home {
    /// What a node needs to know of an own item, from its entry in the log.
    ///
    /// - Parameters:
    ///   - index: The entry.
    ///   - item: The case.
    /// - Returns: Everything but the signed request.
    /// - Throws: ``FileFailure``, errors of the store.
    /// - Complexity: Reads the whole object.
    package func offer(of index: UInt64, in item: Case) throws -> DepositOffer.Parts {
        let record = try store.record(index, in: store.log())
        let file = try layout.objects.open(Hex.encode(record.statement.ciphertextRoot))
        var pieces: [UInt8] = []
        while true {
            let part = try file.read(CiphertextRoot.piecesAtOnceCount)
            if part.isEmpty { break }
            pieces += CiphertextRoot.pieceHashes(part)
        }
        let slip = CaseSlip(
            receipt: try store.receipt(index: index).bytes,
            certificate: try MemberCertificate(of: item, log: store.logKey).bytes
        )
        return DepositOffer.Parts(
            envelope: record.envelope,
            deposit: record.statement,
            salt: record.salt,
            summary: record.summary,
            slip: try slip.sealed(for: item),
            pieces: pieces
        )
    }
}
