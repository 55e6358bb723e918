// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The domain separation labels of the protocol: every hash starts with one.
///
/// Spec: `docs/spec/escrow.md`, section 3.
enum EscrowLabel: String {
    case secondGenerator = "second-generator"
    case scope
    case context
    case possession
    case possessionNonce = "possession-nonce"
    case drill
    case drillNonce = "drill-nonce"
    case coefficient
    case dealingStatement = "dealing-statement"
    case dealingNonce = "dealing-nonce"
    case dealingChallenge = "dealing-challenge"
    case dealing
    case shareNonce = "share-nonce"
    case shareChallenge = "share-challenge"
    case identity
    case blind
    case blindContext = "blind-context"

    private static let prefix = "resguardo/escrow/v1/"

    /// The label's text, for the one-way map and HKDF.
    var text: [UInt8] { Array((Self.prefix + rawValue).utf8) }

    /// The label as it opens a transcript: one byte of length, then the text.
    var framed: [UInt8] { [UInt8(text.count)] + text }
}
