// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why an age file, key or recipient was refused.
///
/// Cases say where, counted from the front; they never carry content, keys or passphrases.
package enum AgeError: Error, Equatable, Sendable {
    /// The header breaks the grammar at `line`, counted from 1.
    case malformedHeader(line: Int)
    /// The header passes a limit of ours, in bytes or stanzas.
    case headerTooLong(limit: Int)
    /// A stanza of a type known here breaks that type's rules; `index` counts stanzas from 0.
    case malformedStanza(index: Int)
    /// A passphrase stanza stands beside another stanza.
    case passphraseNotAlone
    /// A passphrase stanza asks for more work than we are willing to do.
    case workFactorTooHigh(limit: Int)
    /// The payload ends before its nonce does.
    case missingNonce
    /// The file key is right, and the header was changed.
    case headerAuthenticationFailed
    /// None of the identities opens the file.
    case noIdentityMatched
    /// A payload chunk was changed, moved or cut; `index` counts chunks from 0.
    case chunkAuthenticationFailed(index: Int)
    /// The payload ends before its last chunk.
    case payloadTruncated(chunkIndex: Int)
    /// Bytes follow the last chunk.
    case trailingPayload(chunkIndex: Int)
    /// The last chunk is empty and not the only one.
    case emptyLastChunk(index: Int)
    /// The armor breaks a rule in `line`, counted from 1.
    case malformedArmor(line: Int)
    /// Text is no recipient that we know; `line` counts from 1.
    case malformedRecipient(line: Int)
    /// Text is no identity that we know; `line` counts from 1.
    case malformedIdentity(line: Int)
    /// A file of keys is longer than the limit, or holds none.
    case malformedKeyFile(limit: Int)
    /// Nobody was named who may open the file.
    case noRecipients
    /// Recipients of different kinds were mixed: post-quantum with classic ones, or a passphrase
    /// with any other.
    case incompatibleRecipients
    /// A range lies outside the plaintext.
    case rangeOutOfBounds
    /// Reading failed with this `errno`.
    case sourceFailed(code: Int32)
    /// Writing failed with this `errno`.
    case sinkFailed(code: Int32)
    /// The plugin's client broke the protocol.
    case pluginProtocol
    /// The system has not enough memory for the work factor.
    case outOfMemory

    /// The families that test vectors and command lines name.
    package enum Class: String, Sendable {
        case header
        case mac
        case noMatch = "no-match"
        case payload
        case armor
        case key
        case recipients
        case range
        case source
        case sink
        case plugin
        case memory
    }

    /// The family of the failure.
    package var failureClass: Class {
        switch self {
        case .malformedHeader, .headerTooLong, .malformedStanza, .passphraseNotAlone,
            .workFactorTooHigh, .missingNonce:
            .header
        case .headerAuthenticationFailed: .mac
        case .noIdentityMatched: .noMatch
        case .chunkAuthenticationFailed, .payloadTruncated, .trailingPayload, .emptyLastChunk:
            .payload
        case .malformedArmor: .armor
        case .malformedRecipient, .malformedIdentity, .malformedKeyFile: .key
        case .noRecipients, .incompatibleRecipients: .recipients
        case .rangeOutOfBounds: .range
        case .sourceFailed: .source
        case .sinkFailed: .sink
        case .pluginProtocol: .plugin
        case .outOfMemory: .memory
        }
    }
}
