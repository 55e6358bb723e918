// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium
package import Statements
package import TransparencyLog

/// That a member key deposits into a case, and in which log.
///
/// Made by whoever was given the case: they alone have the key that admits.
///
/// Spec: `docs/spec/vault.md`, section 8.3.
package struct MemberCertificate: Sendable {
    /// The longest certificate.
    package static let byteCountMax = 16 << 10

    /// Signed by the member's key and by the case's.
    package let envelope: Envelope
    /// What it says.
    package let statement: CaseMemberStatement
    /// The member's log.
    package let log: NoteVerifier

    /// The certificate of this home's member key.
    init(of item: Case, log: NoteVerifier) throws {
        statement = CaseMemberStatement(
            casePseudonym: item.pseudonym,
            member: item.memberKey.bytes,
            log: log.encoded
        )
        var envelope = try statement.signed(by: item.memberSecretKey())
        try envelope.sign(with: item.admissionSecretKey())
        self.envelope = envelope
        self.log = log
    }

    /// Reads the certificate of a colleague, if it is one.
    ///
    /// - Returns: Nil for anything that is not a certificate for this case.
    package init?(parsing bytes: [UInt8], for item: Case) {
        // Whatever fails here is no certificate; why is of interest to nobody.
        guard bytes.count <= Self.byteCountMax,
            let envelope = try? Envelope(canonical: bytes),
            let statement = try? envelope.read(CaseMemberStatement.self),
            statement.casePseudonym == item.pseudonym,
            let member = try? Ed25519.PublicKey(statement.member),
            (try? envelope.verify(keys: [member])) != nil,
            (try? envelope.verify(keys: [item.admissionKey])) != nil,
            let log = try? NoteVerifier(parsing: statement.log)
        else { return nil }
        self.envelope = envelope
        self.statement = statement
        self.log = log
    }

    /// Reads a certificate that was taken in before, without the case at hand.
    ///
    /// Its member signed it; whether the member was admitted was seen then.
    ///
    /// - Returns: Nil for anything else.
    init?(kept bytes: [UInt8]) {
        guard bytes.count <= Self.byteCountMax,
            let envelope = try? Envelope(canonical: bytes),
            let statement = try? envelope.read(CaseMemberStatement.self),
            let member = try? Ed25519.PublicKey(statement.member),
            (try? envelope.verify(keys: [member])) != nil,
            let log = try? NoteVerifier(parsing: statement.log)
        else { return nil }
        self.envelope = envelope
        self.statement = statement
        self.log = log
    }

    /// The file.
    package var bytes: [UInt8] { envelope.bytes }
}
