// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Sodium

/// Which kind of age keys a switch uses: one kind throughout, since a file is as strong as its
/// weakest recipient.
enum AgeSuite: Equatable {
    /// `age1pq1…`, post-quantum hybrid: needs age 1.3, or our plugin.
    case hybrid
    /// `age1…`, X25519: what Debian 12's age opens as it is.
    case classic

    /// The kind of a recipient; `nil` if it is none.
    init?(recipient: String) {
        // Which rule the text breaks does not matter to who gave it: it is no recipient.
        if (try? HybridRecipient(parsing: recipient)) != nil {
            self = .hybrid
        } else if (try? X25519Recipient(parsing: recipient)) != nil {
            self = .classic
        } else {
            return nil
        }
    }

    /// The identity that a seed of 32 bytes gives.
    func identity(seed: borrowing SecretBytes) throws -> KnownIdentity {
        switch self {
        case .hybrid: .hybrid(try HybridIdentity(seed: seed.copy()))
        case .classic: .classic(try X25519Identity(secret: seed.copy()))
        }
    }
}

/// An age identity whose recipient and text can be asked for.
enum KnownIdentity: Sendable {
    case hybrid(HybridIdentity)
    case classic(X25519Identity)

    /// Reads `AGE-SECRET-KEY-…`.
    init(parsing text: borrowing SecretBytes) throws {
        switch try IdentityFile.identity(text) {
        case let identity as HybridIdentity: self = .hybrid(identity)
        case let identity as X25519Identity: self = .classic(identity)
        default: throw AgeError.malformedIdentity(line: 1)
        }
    }

    /// The identity as age takes it.
    var identity: any AgeIdentity {
        switch self {
        case .hybrid(let identity): identity
        case .classic(let identity): identity
        }
    }

    /// The recipient's text.
    var recipient: String {
        switch self {
        case .hybrid(let identity): identity.recipient.text
        case .classic(let identity): identity.recipient.text
        }
    }

    /// `AGE-SECRET-KEY-…`.
    func text() -> SecretBytes {
        switch self {
        case .hybrid(let identity): identity.text()
        case .classic(let identity): identity.text()
        }
    }
}
