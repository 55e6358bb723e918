// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium

/// What colleagues need of a deposit besides the object, sealed so that a node cannot tell which
/// cases come from one log: the receipt of the depositor's log, and the depositor's certificate.
///
/// Spec: `docs/spec/node.md`, section 6.3.
package struct CaseSlip: Sendable {
    /// The longest sealed slip.
    package static let sealedCountMax = 1 << 18
    /// A slip is padded to a multiple of this, so that its length does not tell whose log it is.
    private static let padding = 4096
    private static let info = Array("resguardo/vault/slip/1".utf8)
    private static let tokenInfo = Array("resguardo/vault/node/1".utf8)

    /// The file `OBJECT.receipt` of an exchange.
    package let receipt: [UInt8]
    /// The file `MEMBER.member` of an exchange.
    package let certificate: [UInt8]

    /// Seals for everybody who was given a case.
    ///
    /// - Throws: `SodiumError`.
    func sealed(for item: Case) throws -> [UInt8] {
        var text = Array("\(receipt.count) \(certificate.count)\n".utf8) + receipt + certificate
        text += [UInt8](repeating: 0, count: (Self.padding - text.count % Self.padding))
        precondition(text.count < Self.sealedCountMax, "a receipt and a certificate are short")
        let nonce = randomBytes(ChaChaPoly.extendedNonceCount)
        let secret = SecretBytes(wiping: &text)
        return nonce + (try ChaChaPoly.seal(secret, key: Self.key(item), nonce: nonce))
    }

    /// Opens a slip.
    ///
    /// - Returns: Nil for anything that was not sealed for this case.
    package init?(opening sealed: [UInt8], for item: Case) {
        let nonceCount = ChaChaPoly.extendedNonceCount
        guard sealed.count <= Self.sealedCountMax,
            let text = ChaChaPoly.openReadable(
                sealed.dropFirst(nonceCount),
                key: Self.key(item),
                nonce: sealed.prefix(nonceCount)
            ),
            let end = text.prefix(32).firstIndex(of: 0x0a)
        else { return nil }
        let counts = String(decoding: text[..<end], as: UTF8.self).split(separator: " ")
        guard counts.count == 2, let receiptCount = Int(counts[0]),
            let certificateCount = Int(counts[1]), receiptCount >= 0, certificateCount >= 0,
            receiptCount <= text.count, certificateCount <= text.count,
            end + 1 + receiptCount + certificateCount <= text.count
        else { return nil }
        let middle = end + 1 + receiptCount
        receipt = Array(text[(end + 1)..<middle])
        certificate = Array(text[middle..<(middle + certificateCount)])
    }

    /// A slip of its parts.
    init(receipt: [UInt8], certificate: [UInt8]) {
        self.receipt = receipt
        self.certificate = certificate
    }

    private static func key(_ item: Case) -> SecretBytes { derive(item, info: info) }

    fileprivate static func token(_ item: Case) -> [UInt8] {
        derive(item, info: tokenInfo).reveal()
    }

    private static func derive(_ item: Case, info: [UInt8]) -> SecretBytes {
        HKDFSHA256.derive(
            secret: item.admissionSeedCopy(),
            salt: item.pseudonym,
            info: info,
            count: 32
        )
    }
}

extension Case {
    /// Under which a node keeps this case: known to all who were given it, and to nobody else.
    ///
    /// - Returns: 32 bytes.
    package func nodeToken() -> [UInt8] { CaseSlip.token(self) }
}
