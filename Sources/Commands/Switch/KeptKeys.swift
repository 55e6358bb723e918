// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Escrow
internal import Sodium
internal import Statements
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

    /// The switch.
    let id: SwitchID
    /// Signs statements.
    let signer: Ed25519.SecretKey
    /// Opens the share.
    let secret: TrusteeSecret

    private init(
        id: SwitchID,
        signer: consuming Ed25519.SecretKey,
        secret: consuming TrusteeSecret
    ) {
        self.id = id
        self.signer = signer
        self.secret = secret
    }

    /// Keeps new ones: kind ‖ switch ‖ seed ‖ scalar.
    static func keep(
        _ signer: borrowing Ed25519.SecretKey,
        _ secret: borrowing TrusteeSecret,
        of id: SwitchID,
        in home: Home
    ) throws {
        var bytes = [kind] + id.bytes + signer.seed().reveal() + secret.encoded().reveal()
        try home.keep(SecretBytes(wiping: &bytes))
    }

    /// All that a home keeps.
    static func all(in home: Home) throws -> [TrusteeKeys] {
        try home.kept { kept in
            guard kept.count == 1 + 3 * 32, kept.withBytes({ $0[0] }) == kind,
                let id = SwitchID(Hex.encode(kept.slice(1..<33).reveal()))
            else { return nil }
            return TrusteeKeys(
                id: id,
                signer: try Ed25519.SecretKey(seed: kept.slice(33..<65)),
                secret: try TrusteeSecret(kept.slice(65..<97))
            )
        }
    }
}
