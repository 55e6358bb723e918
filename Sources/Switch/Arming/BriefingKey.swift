// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
package import Sodium
internal import Statements

/// The age identity to which a trustee's briefings are sealed: derived from the trustee's signing
/// key of the switch, so that there is one secret fewer to keep and to write on paper.
///
/// It is post-quantum in every case: no stock tool has to open a briefing.
///
/// Spec: `docs/spec/switch.md`, section 3.15.
package struct BriefingKey: Sendable {
    private static let label = "resguardo/switch-briefing/v1"
    private static let seedCount = 32

    /// Whose.
    let signer: Ed25519.PublicKey
    private let identity: HybridIdentity

    /// Derives it.
    ///
    /// - Throws: `AgeError`.
    package init(signer: borrowing Ed25519.SecretKey) throws {
        let seed = HKDFSHA256.derive(
            secret: signer.seed(),
            salt: [],
            info: Array(Self.label.utf8),
            count: Self.seedCount
        )
        identity = try HybridIdentity(seed: seed)
        self.signer = signer.publicKey
    }

    /// `age1pq1…`, for the acceptance.
    package var recipient: String { identity.recipient.text }

    /// Seals what one trustee is told.
    ///
    /// - Throws: `AgeError` for a text that is no recipient.
    static func seal(_ contents: BriefingContents, to recipient: String) throws -> [UInt8] {
        var bytes = contents.payload
        defer { wipe(&bytes) }
        return try AgeEncryptor(recipients: [RecipientFile.recipient(recipient)]).seal(bytes)
    }

    /// Opens a briefing.
    ///
    /// - Returns: `nil` if it was sealed to somebody else, or holds anything but the contents of a
    ///   briefing of its epoch.
    func open(_ briefing: Briefing) -> BriefingContents? {
        let decryptor = AgeDecryptor(identities: [identity], armor: .refused)
        guard let bytes = try? decryptor.open(briefing.sealed),
            let contents = try? BriefingContents(payload: bytes),
            contents.epoch == briefing.epoch
        else { return nil }
        return contents
    }
}
