// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Escrow
internal import Sodium
internal import Statements
internal import Switch
internal import TransparencyLog
internal import Vault

/// What an owner keeps of a switch, armed or not yet.
final class OwnerKeys: Sendable {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 1
    private static let pseudonymCount = Case.pseudonymCount

    /// The owner key.
    let key: Ed25519.SecretKey
    /// The case that the switch guards.
    let pseudonym: [UInt8]
    /// What was handed to trustees.
    let invitation: Envelope

    private init(key: consuming Ed25519.SecretKey, pseudonym: [UInt8], invitation: Envelope) {
        self.key = key
        self.pseudonym = pseudonym
        self.invitation = invitation
    }

    /// The switch.
    var id: SwitchID { SwitchID(owner: key.publicKey) }

    /// Keeps new ones: kind ‖ seed ‖ pseudonym ‖ invitation.
    static func keep(
        _ key: borrowing Ed25519.SecretKey,
        of pseudonym: [UInt8],
        invitation: Envelope,
        in home: Home
    ) throws {
        precondition(pseudonym.count == pseudonymCount, "a pseudonym")
        var bytes = [kind] + key.seed().reveal() + pseudonym + invitation.bytes
        try home.keep(SecretBytes(wiping: &bytes))
    }

    /// All that a home keeps.
    static func all(in home: Home) throws -> [OwnerKeys] {
        try home.kept { secret in
            let start = 1 + Ed25519.keyCount + pseudonymCount
            guard secret.count > start, secret.withBytes({ $0[0] }) == kind else { return nil }
            return OwnerKeys(
                key: try Ed25519.SecretKey(seed: secret.slice(1..<(1 + Ed25519.keyCount))),
                pseudonym: secret.slice((1 + Ed25519.keyCount)..<start).reveal(),
                invitation: try Envelope(canonical: secret.slice(start..<secret.count).reveal())
            )
        }
    }
}

/// What a trustee keeps of a switch.
final class TrusteeKeys: Sendable {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 2
    private static let lengthCount = 4

    /// Signs statements.
    let signer: Ed25519.SecretKey
    /// Opens the share.
    let secret: TrusteeSecret
    /// What was asked.
    let invitation: Envelope
    /// What was answered.
    let acceptance: Envelope
    /// The invitation, read.
    let asked: SwitchInvitation

    private init(
        signer: consuming Ed25519.SecretKey,
        secret: consuming TrusteeSecret,
        invitation: Envelope,
        acceptance: Envelope
    ) throws {
        self.signer = signer
        self.secret = secret
        self.invitation = invitation
        self.acceptance = acceptance
        asked = try invitation.read(SwitchInvitation.self)
    }

    /// The switch.
    var id: SwitchID { asked.epoch.id }

    /// Opens what the owner tells this trustee.
    func briefingKey() throws -> BriefingKey { try BriefingKey(signer: signer) }

    /// Whether an arming is the one that was agreed to: same epoch, same terms, same logs.
    func agreed(to arming: VerifiedArming) -> Bool {
        guard arming.statement.epoch == asked.epoch, arming.statement.profile == asked.profile,
            arming.policy.origins == asked.origins
        else { return false }
        guard let access = asked.access else { return true }
        let policy = try? LogPolicy(parsing: Array(access.policy.utf8))
        return policy.map(arming.policy.hasSameKeys) ?? false
    }

    /// Keeps new ones: kind ‖ seed ‖ scalar ‖ length of the invitation ‖ invitation ‖ acceptance.
    static func keep(
        _ signer: borrowing Ed25519.SecretKey,
        _ secret: borrowing TrusteeSecret,
        invitation: Envelope,
        acceptance: Envelope,
        in home: Home
    ) throws {
        let length = UInt32(invitation.bytes.count).bigEndianBytes
        var bytes = [kind] + signer.seed().reveal() + secret.encoded().reveal() + length
        bytes += invitation.bytes + acceptance.bytes
        try home.keep(SecretBytes(wiping: &bytes))
    }

    /// All that a home keeps.
    static func all(in home: Home) throws -> [TrusteeKeys] {
        try home.kept { kept in
            let start = 1 + 2 * Ed25519.keyCount + lengthCount
            guard kept.count > start, kept.withBytes({ $0[0] }) == kind else { return nil }
            let length = kept.slice((start - lengthCount)..<start).reveal()
                .reduce(0) { $0 << 8 | Int($1) }
            guard length < kept.count - start else { return nil }
            return try TrusteeKeys(
                signer: try Ed25519.SecretKey(seed: kept.slice(1..<33)),
                secret: try TrusteeSecret(kept.slice(33..<65)),
                invitation: Envelope(canonical: kept.slice(start..<(start + length)).reveal()),
                acceptance: Envelope(canonical: kept.slice((start + length)..<kept.count).reveal())
            )
        }
    }
}

/// Copies of escrow files, which owner and trustees keep so that no single place can lose them.
enum KeptEscrow {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 3

    /// Sees to it that a home and a place both hold the escrow file of a switch.
    ///
    /// - Throws: What reading the home throws. A place that lacks the file and cannot be
    ///   written to stays as it is.
    static func settle(_ arming: VerifiedArming, in home: Home, _ place: any SwitchPlace) throws {
        let digest = arming.statement.escrowDigest
        let kept = try find(digest, in: home)
        if let shared = try? place.escrow(digest) {
            if kept == nil { try keep(shared, in: home) }
        } else if let kept {
            try? place.store(kept)
        }
    }

    /// Keeps a file: kind ‖ file.
    static func keep(_ escrow: EscrowFile, in home: Home) throws {
        var bytes = [kind] + escrow.bytes
        try home.keep(SecretBytes(wiping: &bytes))
    }

    /// The file with this digest, if the home keeps it.
    static func find(_ digest: [UInt8], in home: Home) throws -> EscrowFile? {
        try home.kept { kept -> EscrowFile? in
            guard kept.count > 1, kept.withBytes({ $0[0] }) == kind else { return nil }
            let escrow = EscrowFile(bytes: kept.slice(1..<kept.count).reveal())
            return escrow.digest == digest ? escrow : nil
        }.first
    }
}
