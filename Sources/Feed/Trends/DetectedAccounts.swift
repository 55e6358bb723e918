// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// The accounts that `feed detect` found to coordinate, as its `networks.json` lists them.
package enum DetectedAccounts {
    /// The longest file, in bytes.
    package static let byteCountMax = JSONValue.byteCountMax

    /// Reads the accounts of all networks, those that are attached to one too.
    ///
    /// - Returns: Their names; `nil` if the text is no such file.
    /// - Complexity: O(n).
    package static func read(_ text: [UInt8]) -> Set<String>? {
        // What is wrong with it does not matter: nothing but `feed detect` writes such files.
        guard let value = try? JSONValue(parsing: text), value["rule"]?["name"]?.string != nil,
            let networks = value["networks"]?.array
        else { return nil }
        var accounts: Set<String> = []
        for network in networks {
            let lists = ["accounts", "core", "attached"].compactMap { network[$0]?.array }
            guard !lists.isEmpty else { return nil }
            for account in lists.joined() {
                guard let name = account.string else { return nil }
                accounts.insert(name)
            }
        }
        return accounts
    }
}
