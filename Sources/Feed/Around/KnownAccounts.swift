// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels
package import SnapshotFormat

/// The accounts that are asked about, and those that nobody is held against.
///
/// Spec: `docs/spec/around.md`, section 1.
package struct KnownAccounts: Sendable {
    /// What is known of an account.
    package enum Kind: String, CaseIterable, Sendable {
        /// Its surroundings are asked about.
        case designated
        /// It is a source: it is left out of everything.
        case trusted
    }

    /// The longest file, in bytes.
    package static let byteCountMax = 64 << 20

    /// Who a file names, by platform and then name; an empty platform stands for any.
    private var named: [Name: Kind] = [:]
    private var snapshot: (file: Snapshot, time: Int64)?
    /// Records of the file that said again what another one had said.
    package private(set) var repeatedCount = 0

    /// A name by its bytes: Swift takes two spellings of an accented letter for equal.
    struct Name: Hashable {
        let platform: [UInt8]
        let account: [UInt8]

        init(_ platform: String, _ account: String) {
            self.platform = Array(platform.utf8)
            self.account = Array(account.utf8)
        }
    }

    /// Takes the designations and sources of the registry.
    ///
    /// - Parameters:
    ///   - snapshot: Verified.
    ///   - time: When they have to hold.
    package init(snapshot: Snapshot, asOf time: Int64) { self.snapshot = (snapshot, time) }

    /// Reads a table with `account_id` and, if there, `platform` and `class`.
    ///
    /// A class is `designated`, which is also what an empty one means, or `trusted`.
    ///
    /// - Throws: `.input` with line and column of what is wrong.
    /// - Complexity: O(n).
    package init(csv bytes: [UInt8]) throws(FeedError) {
        try RecordFields.forEach(in: bytes, requiring: ["account_id"]) {
            fields throws(CSVFault) in
            let account = try fields.identifier("account_id")
            let word = fields.text("class") ?? ""
            let name = Name(fields.text("platform") ?? "", account)
            guard let kind = Kind(rawValue: word.isEmpty ? "designated" : word) else {
                throw fields.fault("class", .oneOf(Kind.allCases.map(\.rawValue)))
            }
            if let known = named[name] {
                // One account cannot be both.
                guard known == kind else { throw fields.fault("class", .identifier) }
                repeatedCount += 1
            }
            named[name] = kind
        }
    }

    /// What is known of an account of the data.
    func kind(_ platform: String, _ account: String) -> Kind? {
        guard let (file, time) = snapshot else {
            let kinds = [named[Name(platform, account)], named[Name("", account)]]
            // Whoever is trusted under either name is not held against anybody.
            return kinds.contains(.trusted) ? .trusted : kinds.compactMap { $0 }.first
        }
        guard let account = PlatformAccount(platform: platform, stableID: account) else {
            return nil
        }
        if let source = file.source(for: account, asOf: time), source.state != .revoked {
            return .trusted
        }
        let isDesignated = file.designations(for: account, asOf: time).contains {
            $0.confidence >= AroundRule.confidenceMin && $0.severity > .none
        }
        return isDesignated ? .designated : nil
    }

    /// The designated accounts that are not among those of the data, in byte order.
    func missing(from accounts: [(platform: String, name: String)]) -> [(String, String)] {
        var present: Set<Name> = []
        for account in accounts {
            present.insert(Name(account.platform, account.name))
            present.insert(Name("", account.name))
        }
        var missing: Set<Name> = []
        if let (file, time) = snapshot {
            for designation in file.designations where designation.validity.contains(time) {
                guard designation.severity > .none else { continue }
                for entry in designation.accounts
                where entry.confidence >= AroundRule.confidenceMin {
                    missing.insert(Name(entry.account.platform, entry.account.stableID))
                }
            }
        } else {
            missing = Set(named.filter { $0.value == .designated }.keys)
        }
        return missing.subtracting(present)
            .sorted { left, right in
                left.platform == right.platform
                    ? left.account.lexicographicallyPrecedes(right.account)
                    : left.platform.lexicographicallyPrecedes(right.platform)
            }
            .map { name in
                (
                    String(decoding: name.platform, as: UTF8.self),
                    String(decoding: name.account, as: UTF8.self)
                )
            }
    }
}
