// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import SnapshotFormat

/// The accounts of a designated network, kept beside the log so that a mistake can be forgotten.
///
/// One canonical JSON object `{"account", "confidence", "method"}` a line, in strictly ascending
/// order of the lines.
///
/// Spec: `docs/spec/registry.md`, section 3.8.
package struct AccountList: Equatable, Sendable {
    /// The largest list, in bytes: a record of a snapshot has to hold it.
    package static let byteCountMax = 15 << 20

    /// The accounts, in the order of the file.
    package let accounts: [DesignatedAccount]
    /// The file.
    package let bytes: [UInt8]

    /// A list of accounts, each once.
    package init(_ accounts: [DesignatedAccount]) {
        precondition(accounts.count <= DesignationRecord.accountCountMax, "too many accounts")
        let lines = accounts.map { (line: Self.line(of: $0), account: $0) }
            .sorted { $0.line.lexicographicallyPrecedes($1.line) }
        self.accounts = lines.map(\.account)
        bytes = lines.flatMap { $0.line + [UInt8(ascii: "\n")] }
    }

    /// Reads a file.
    ///
    /// - Returns: The list, or the number of the first line that is wrong, from 1.
    package static func parse(_ bytes: [UInt8]) -> Result<AccountList, MalformedLine> {
        guard bytes.count <= byteCountMax else { return .failure(MalformedLine(number: 1)) }
        var accounts: [DesignatedAccount] = []
        var seen: Set<PlatformAccount> = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.dropLast().enumerated() {
            let failure = MalformedLine(number: index + 1)
            guard let account = account(of: Array(line)), seen.insert(account.account).inserted,
                accounts.count < DesignationRecord.accountCountMax
            else { return .failure(failure) }
            accounts.append(account)
        }
        guard lines.last?.isEmpty ?? true else {
            return .failure(MalformedLine(number: lines.count))
        }
        return .success(AccountList(accounts))
    }

    /// Where a list of accounts is wrong.
    package struct MalformedLine: Error, Equatable {
        /// Counted from 1.
        package let number: Int

        package init(number: Int) {
            self.number = number
        }
    }

    /// What the log holds: SHA-256 of the file.
    package var digest: RegistryID { RegistryID(SHA256.hash(bytes)) }

    private static func line(of entry: DesignatedAccount) -> [UInt8] {
        let value: JSONValue = [
            "account": entry.account.json,
            "confidence": .integer(Int64(entry.confidence)),
            "method": .string(entry.method),
        ]
        return value.canonicalBytes
    }

    private static func account(of line: [UInt8]) -> DesignatedAccount? {
        // What is wrong with a line is shown by its number.
        guard let value = try? JSONValue(parsing: line), value.object?.count == 3,
            let parts = value["account"]?.object, parts.count == 2,
            let platform = parts["platform"]?.string, let id = parts["id"]?.string,
            let account = PlatformAccount(platform: platform, stableID: id),
            let confidence = value["confidence"]?.integer, (0...1000).contains(confidence),
            let method = value["method"]?.string, Token.isValid(method)
        else { return nil }
        return DesignatedAccount(account: account, confidence: Int(confidence), method: method)
    }
}
