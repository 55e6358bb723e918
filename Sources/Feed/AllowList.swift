// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import FeedKernels

/// What may be shared together without a word: agencies, their clients, press releases.
///
/// A table with the columns `kind` (`account`, `domain` or `object`) and `value`. Spec:
/// `docs/spec/detection.md`, section 10.
package struct AllowList: Sendable {
    /// The longest file, in bytes.
    package static let byteCountMax = 64 << 20

    private enum Kind: String, CaseIterable { case account, domain, object }

    /// SHA-256 of the file, in hexadecimal.
    package let digest: String
    // Bytes: Swift takes two spellings of an accented letter for equal.
    private var accounts: Set<[UInt8]> = []
    private var domains: Set<String> = []
    private var objects: Set<[UInt8]> = []

    /// Reads a table.
    ///
    /// - Throws: `.input` with line and column of what is wrong.
    /// - Complexity: O(n).
    package init(csv bytes: [UInt8]) throws(FeedError) {
        digest = Hex.encode(SHA256.hash(bytes))
        try RecordFields.forEach(in: bytes, requiring: ["kind", "value"]) {
            fields throws(CSVFault) in
            let value = try fields.identifier("value")
            switch Kind(rawValue: fields.text("kind") ?? "") {
            case .account: accounts.insert(Array(value.utf8))
            case .domain: domains.insert(value.lowercased())
            case .object: objects.insert(Array(value.utf8))
            case nil: throw fields.fault("kind", .oneOf(Kind.allCases.map(\.rawValue)))
            }
        }
    }

    /// Whether it is in the list.
    func allows(account: ArraySlice<UInt8>) -> Bool { accounts.contains(Array(account)) }

    /// Whether it is in the list, or an address whose host is, or lies under one that is.
    func allows(object bytes: ArraySlice<UInt8>) -> Bool {
        if objects.contains(Array(bytes)) { return true }
        guard !domains.isEmpty else { return false }
        let object = String(decoding: bytes, as: UTF8.self)
        var host = (CanonicalLink(object)?.domain ?? object.lowercased())[...]
        while !host.isEmpty {
            if domains.contains(String(host)) { return true }
            guard let dot = host.firstIndex(of: ".") else { return false }
            host = host[host.index(after: dot)...]
        }
        return false
    }
}

extension ShareTable {
    /// The shares that a list does not allow.
    ///
    /// - Complexity: O(n).
    func without(_ list: AllowList) throws(FeedKernelError) -> ShareTable {
        let isAllowedObject = (0..<UInt32(objects.count)).map { list.allows(object: objects[$0]) }
        let isAllowedAccount = (0..<UInt32(accounts.count)).map {
            list.allows(account: accounts[$0])
        }
        return try filter { row in
            !isAllowedObject[Int(object[row])] && !isAllowedAccount[Int(account[row])]
        }
    }
}
