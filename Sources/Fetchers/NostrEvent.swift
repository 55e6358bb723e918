// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Schnorr

/// A signed event of nostr.
///
/// Spec: NIP-01.
struct NostrEvent: Decodable {
    static let profileKind = 0
    static let noteKind = 1

    let id: String
    let pubkey: String
    let created_at: Int64
    let kind: Int
    let tags: [[String]]
    let content: String
    let sig: String

    /// Whether the id is that of the content, and the signature that of the key.
    var isValid: Bool {
        // What is not hexadecimal is no signature.
        guard let key = try? Hex.decode(pubkey), let signature = try? Hex.decode(sig) else {
            return false
        }
        let digest = SHA256.hash(serialized)
        return Hex.encode(digest) == id
            && Schnorr.isValid(signature: signature, of: digest, by: key)
    }

    /// `[0,pubkey,created_at,kind,tags,content]`, as the id hashes it.
    private var serialized: [UInt8] {
        let tags = tags.map { "[" + $0.map(Self.quoted).joined(separator: ",") + "]" }
        let parts = [
            "0", Self.quoted(pubkey), String(created_at), String(kind),
            "[" + tags.joined(separator: ",") + "]", Self.quoted(content),
        ]
        return Array(("[" + parts.joined(separator: ",") + "]").utf8)
    }

    /// A text with NIP-01's seven escapes, everything else as it is.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{c}": result += "\\f"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// A message of a relay.
enum NostrMessage: Decodable {
    case event(NostrEvent)
    /// No more stored events come.
    case end
    case other

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        switch try container.decode(String.self) {
        case "EVENT":
            _ = try container.decode(String.self)
            self = .event(try container.decode(NostrEvent.self))
        case "EOSE", "CLOSED": self = .end
        default: self = .other
        }
    }
}
