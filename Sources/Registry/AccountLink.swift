// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
package import SnapshotFormat

/// What a commitment in the log stands for: an account, and who may know of it.
///
/// Held by the subject, shown to the verifiers who observe and vouch, and to the registry's
/// operator unless the subject chose `on-request`. Never in the log.
///
/// Spec: `docs/spec/registry.md`, section 3.5.
package struct AccountLink: Equatable, Sendable {
    private static let type = "registry-account-link"
    private static let domain = "resguardo-registry/account/v1\n"
    private static let codeDomain = "resguardo-registry/code/v1\n"
    /// The largest file, in bytes.
    package static let byteCountMax = 4096

    /// The account.
    package let account: PlatformAccount
    /// Who may know of it.
    package let visibility: SourceVisibility
    /// 32 random bytes, so that nobody can try accounts against the commitment.
    package let salt: [UInt8]

    package init(account: PlatformAccount, visibility: SourceVisibility, salt: [UInt8]) {
        precondition(salt.count == 32, "a salt has 32 bytes")
        self.account = account
        self.visibility = visibility
        self.salt = salt
    }

    /// Reads the canonical object, with or without a line feed at its end.
    ///
    /// - Returns: `nil` for anything else.
    package init?(parsing bytes: [UInt8]) {
        let text = bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
        // What is wrong with such a file does not matter: its owner exports it again.
        guard bytes.count <= Self.byteCountMax,
            let value = try? JSONValue(canonical: text),
            let members = value.object, members.count == 5,
            value["type"]?.string == Self.type, value["v"]?.integer == 1,
            let parts = value["account"]?.object, parts.count == 2,
            let platform = parts["platform"]?.string, let id = parts["id"]?.string,
            let account = PlatformAccount(platform: platform, stableID: id),
            let word = value["visibility"]?.string,
            let visibility = SourceVisibility(rawValue: word),
            let salt = value["salt"]?.string.flatMap({ RegistryID(hex: $0) })
        else { return nil }
        self.init(account: account, visibility: visibility, salt: salt.bytes)
    }

    /// The canonical object.
    package var json: JSONValue {
        [
            "account": account.json,
            "salt": .string(Hex.encode(salt)),
            "type": .string(Self.type),
            "v": 1,
            "visibility": .string(visibility.rawValue),
        ]
    }

    /// What the log holds: SHA-256 of a domain and the canonical object.
    package var commitment: RegistryID {
        RegistryID(SHA256.hash(Array(Self.domain.utf8) + json.canonicalBytes))
    }

    /// The codes that a proof of control may have asked for which was logged on a day.
    ///
    /// The log does not tell on which of the days before it was made.
    package func codes(for subject: RegistryID, loggedOn day: Int64) -> [String] {
        (0...RegistryState.ageDaysMax).map { days in
            code(for: subject, on: max(0, day - days * RegistryState.day))
        }
    }

    /// The code that the subject shows on the account on a day.
    ///
    /// It depends on the salt, so that nobody finds the subject of a code in the log.
    ///
    /// - Parameters:
    ///   - subject: Whose account it is.
    ///   - date: Midnight of the day, seconds since 1970.
    /// - Returns: `resguardo-` and 20 digits.
    package func code(for subject: RegistryID, on date: Int64) -> String {
        let day = UInt64(date).bigEndianBytes
        let input = Array(Self.codeDomain.utf8) + salt + subject.bytes + day
        return "resguardo-" + Hex.encode(SHA256.hash(input).prefix(10))
    }
}
