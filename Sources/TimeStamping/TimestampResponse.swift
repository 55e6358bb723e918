// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// Why a response of a time-stamping authority proves nothing.
package enum TimestampError: Error, Equatable, Sendable {
    /// It is no response, or is longer than the limit.
    case malformed
    /// The authority said no; its PKIStatus.
    case refused(status: Int)
    /// It is about other data.
    case otherData
    /// It does not repeat the nonce: it is an answer to another question.
    case otherNonce
    /// There is no certificate to start from.
    case noRoots
    /// The signature is wrong, or no given certificate vouches for the signer at that time.
    case untrusted
}

/// The signed answer of a time-stamping authority: a digest existed at a moment.
///
/// OpenSSL reads and verifies it; what is stored and passed on are the bytes as they came.
///
/// Spec: RFC 3161, section 2.4.2; RFC 5816.
package struct TimestampResponse: Equatable, Sendable {
    /// The longest response that is read.
    package static let byteCountMax = 256 << 10
    /// The longest file of root certificates that is read.
    package static let rootsCountMax = 1 << 20

    /// What a verified response says.
    package struct Facts: Equatable, Sendable {
        /// The data existed before this moment or at it, in seconds since 1970.
        package let latest: Int64
        /// The response did not exist before this moment.
        package let earliest: Int64
        /// The authority's policy, as dotted numbers.
        package let policy: String
        /// The authority's number for it, in hexadecimal.
        package let serial: String
        /// Who signed, as the certificate says (RFC 2253).
        package let authority: String
    }

    /// The DER form as it came.
    package let bytes: [UInt8]

    /// A response; nothing is verified.
    ///
    /// - Throws: `.malformed` for one that is too long.
    package init(_ bytes: [UInt8]) throws(TimestampError) {
        guard (1...Self.byteCountMax).contains(bytes.count) else { throw .malformed }
        self.bytes = bytes
    }

    /// Verifies everything: status, imprint, nonce, signature, certificates at the stated time.
    ///
    /// The moment is widened by the accuracy that the authority states, outwards to whole seconds.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of the data.
    ///   - nonce: The query's; nil where the query is gone.
    ///   - roots: Certificates to start from, in PEM; nil believes those that came with the token,
    ///     which shows that it is whole and not who signed it.
    /// - Returns: What it says.
    /// - Throws: The first flaw.
    package func verify(
        digest: [UInt8],
        nonce: [UInt8]? = nil,
        roots: [UInt8]?
    ) throws(TimestampError) -> Facts {
        precondition(digest.count == TimestampQuery.digestCount, "a SHA-256 digest")
        guard (roots?.count ?? 1) <= Self.rootsCountMax else { throw .noRoots }
        var facts = resguardo_ts_facts()
        let nonce = nonce ?? []
        // An empty array may have no address, and no address means none given.
        let pem = roots.map { $0.map { CChar(bitPattern: $0) } + [0] }
        let verdict = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe nonce.withUnsafeBufferPointer { nonce in
                unsafe resguardo_ts_verify(
                    bytes.baseAddress,
                    bytes.count,
                    digest,
                    nonce.isEmpty ? nil : nonce.baseAddress,
                    nonce.count,
                    pem,
                    max(0, (pem?.count ?? 1) - 1),
                    &facts
                )
            }
        }
        switch verdict {
        case resguardo_ts_good: return Self.facts(facts)
        case resguardo_ts_refused: throw .refused(status: facts.status)
        case resguardo_ts_other_data: throw .otherData
        case resguardo_ts_other_nonce: throw .otherNonce
        case resguardo_ts_no_roots: throw .noRoots
        case resguardo_ts_untrusted: throw .untrusted
        default: throw .malformed
        }
    }

    private static func facts(_ facts: resguardo_ts_facts) -> Facts {
        let slack = (facts.accuracy_micros + 999_999) / 1_000_000
        return unsafe Facts(
            latest: facts.seconds + slack + (facts.has_fraction == 0 ? 0 : 1),
            earliest: facts.seconds - slack,
            policy: withUnsafeBytes(of: facts.policy) { unsafe text($0) },
            serial: withUnsafeBytes(of: facts.serial) { unsafe text($0) },
            authority: withUnsafeBytes(of: facts.signer) { unsafe text($0) }
        )
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The certificates that came with the token, in PEM; empty if there are none.
    package var certificates: [UInt8] {
        var text = [CChar](repeating: 0, count: 4 * Self.byteCountMax)
        let count = unsafe resguardo_ts_pem(bytes, bytes.count, &text, text.count)
        return text.prefix(count).map { UInt8(bitPattern: $0) }
    }
}
