// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Escrow
internal import Sodium
internal import Statements

/// A trustee's keys of one switch on a sheet of paper: bech32 text with a checksum.
///
/// Spec: `docs/spec/switch.md`, section 17.
final class TrusteePaper: Sendable {
    /// Why a text is no sheet.
    enum Flaw: Error, Equatable {
        /// A wrong letter, or one too few: the checksum does not fit.
        case mistyped
        /// It belongs to another invitation.
        case otherInvitation
    }

    static let prefix = "resguardo-trustee-"
    private static let version: UInt8 = 1
    private static let tagCount = 8
    private static let byteCount = 1 + 32 + 32 + 2 + tagCount
    private static let textCountMax = 1024

    let signer: Ed25519.SecretKey
    let secret: TrusteeSecret
    let country: Jurisdiction
    /// The first bytes of the invitation's SHA-256.
    private let tag: [UInt8]

    /// The sheet for keys.
    init(
        signer: borrowing Ed25519.SecretKey,
        secret: borrowing TrusteeSecret,
        country: Jurisdiction,
        invitation: Envelope
    ) throws {
        self.signer = try Ed25519.SecretKey(seed: signer.seed())
        self.secret = try TrusteeSecret(secret.encoded())
        self.country = country
        tag = Array(invitation.digest.prefix(Self.tagCount))
    }

    /// Reads what was typed in or scanned; spaces and line ends are none of it.
    ///
    /// - Throws: ``Flaw``.
    init(reading typed: [UInt8]) throws {
        var letters = typed.filter { $0 > 0x20 }
        defer { wipe(&letters) }
        guard letters.count <= Self.textCountMax, var decoded = try? Bech32.decode(letters),
            decoded.prefix == Self.prefix, decoded.bytes.count == Self.byteCount,
            decoded.bytes[0] == Self.version,
            let country = Jurisdiction(String(decoding: decoded.bytes[65..<67], as: UTF8.self))
        else { throw Flaw.mistyped }
        self.country = country
        tag = Array(decoded.bytes[67...])
        let all = SecretBytes(wiping: &decoded.bytes)
        signer = try Ed25519.SecretKey(seed: all.slice(1..<33))
        secret = try TrusteeSecret(all.slice(33..<65))
    }

    /// Whether it was printed for the switch of an invitation.
    func isFor(_ invitation: Envelope) -> Bool {
        tag == Array(invitation.digest.prefix(Self.tagCount))
    }

    /// The text, in capital letters: `RESGUARDO-TRUSTEE-1…`.
    func text() -> SecretBytes {
        var bytes = [Self.version] + signer.seed().reveal() + secret.encoded().reveal()
        bytes += Array(country.code.utf8) + tag
        defer { wipe(&bytes) }
        var letters = Bech32.encodeUpperCase(prefix: Self.prefix, bytes: bytes)
        return SecretBytes(wiping: &letters)
    }
}

extension TrusteePaper.Flaw: DescribedFailure {
    var failure: Failure {
        switch self {
        case .mistyped:
            Failure(
                .doesNotVerify,
                Text(
                    en: "a letter is wrong: the text's checksum does not fit",
                    es: "hay una letra equivocada: no cuadra la suma de control del texto"
                ),
                word: "paper"
            )
        case .otherInvitation:
            Failure(
                .doesNotVerify,
                Text(
                    en: "the sheet was printed for another invitation",
                    es: "la hoja se imprimió para otra invitación"
                ),
                hint: Text(
                    en: "the owner, a trustee or a successor of the switch has the right one",
                    es: "la correcta la tiene la persona dueña, un custodio o una sucesora"
                )
            )
        }
    }
}
