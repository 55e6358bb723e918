// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import FeedKernels

/// The tables of `feed accounts`.
///
/// Spec: `docs/spec/account-signals.md`, section 7.
extension AccountAnalysis {
    /// A row an account.
    package var accountTable: [UInt8] {
        let header = [
            "platform", "account_id", "handle", "created", "posts", "posts_counted", "first",
            "last", "reposts", "copies", "age", "quiet", "as_young", "made_before", "gone_soon",
            "gone_expected", "p_gone", "end_digits", "handle_family", "burst", "source",
            "source_share", "automated", "signals", "says_en", "says_es",
        ]
        let sentences = AccountSentences(analysis: self)
        return Self.table([header] + accounts.map { row($0, sentences) })
    }

    private func row(_ account: Account, _ sentences: AccountSentences) -> [String] {
        let profile = account.profile
        let source = account.dependency.map { dependencies[$0] }
        let said = sentences.said(of: account)
        var row = [profile.platform, profile.name, profile.handle ?? ""]
        row.append(Self.text(account.isDated ? profile.created : nil))
        row += ["\(account.postCount)", Self.text(profile.postCount)]
        row += [Self.text(account.times?.lowerBound), Self.text(account.times?.upperBound)]
        row += ["\(account.repostCount)", "\(account.copyCount)"]
        row += [Self.text(account.life?.age), Self.text(account.life?.quiet)]
        row += [Self.text(account.life?.asYoung), Self.text(account.life?.before)]
        row += [Self.text(account.deletions?.count), Self.text(account.deletions?.expected)]
        row += [Self.text(account.deletions?.probability), Self.text(account.digitCount)]
        row.append(account.family.map { families[$0].template } ?? "")
        row.append(Self.text(account.crowd.map { $0 + 1 }))
        row += [source.map { sources[$0.source].name } ?? "", Self.text(source?.share)]
        row.append(Self.text(profile.isAutomated.map { $0 ? 1 : 0 }))
        row.append(signals(of: account).joined(separator: " "))
        return row + [said.en.joined(separator: " "), said.es.joined(separator: " ")]
    }

    /// The names of what chance does not explain.
    package func signals(of account: Account) -> [String] {
        var names: [String] = []
        if account.isBurner { names.append("burner") }
        if account.isDeleter { names.append("deletes-soon") }
        if account.crowd != nil { names.append("creation-burst") }
        if let place = account.family, families[place].isTogether { names.append("handle-family") }
        if let place = account.dependency, dependencies[place].isDeclared {
            names.append("dependent")
        }
        return names
    }

    /// A row a family of handles.
    package var handleTable: [UInt8] {
        let header = [
            "platform", "template", "accounts", "dated", "together", "from", "p", "kind",
            "account_ids",
        ]
        return Self.table(
            [header]
                + families.map { family in
                    let isAsked = family.datedCount >= AccountRule.familyCountMin
                    let kind =
                        isAsked ? family.isTogether ? "together" : "names-only" : "undated"
                    let names = family.accounts.map { accounts[$0].profile.name }
                    return [
                        family.platform, family.template, "\(family.accounts.count)",
                        "\(family.datedCount)", "\(family.togetherCount)",
                        Self.text(family.together), isAsked ? "\(family.probability)" : "", kind,
                        names.joined(separator: " "),
                    ]
                }
        )
    }

    /// A row a crowd of new accounts.
    package var burstTable: [UInt8] {
        let header = [
            "burst", "platform", "from", "to", "accounts", "peak_from", "peak_accounts",
            "expected", "p",
        ]
        return Self.table(
            [header]
                + crowds.enumerated().map { place, crowd in
                    [
                        "\(place + 1)", crowd.platform, "\(crowd.times.lowerBound)",
                        "\(crowd.times.upperBound)", "\(crowd.accountCount)", "\(crowd.peak)",
                        "\(crowd.peakCount)", "\(crowd.expected)", "\(crowd.probability)",
                    ]
                }
        )
    }

    /// A row an account and a source of most of its posts.
    package var dependencyTable: [UInt8] {
        let header = [
            "platform", "from", "to", "to_posts", "posts", "reposts", "copies", "share",
            "expected", "p", "kind", "lags", "lag", "fast", "first", "last",
        ]
        return Self.table(
            [header]
                + dependencies.map { found in
                    [
                        accounts[found.from].profile.platform, accounts[found.from].profile.name,
                        sources[found.source].name, "\(found.sourcePostCount)",
                        "\(found.postCount)", "\(found.repostCount)", "\(found.copyCount)",
                        "\(found.share)", "\(found.expected)", "\(found.probability)",
                        found.isDeclared ? "dependent" : "popular", "\(found.lags.count)",
                        Self.text(found.lag), "\(found.fastCount)",
                        "\(found.times.lowerBound)", "\(found.times.upperBound)",
                    ]
                }
        )
    }

    private static func text<Value: CustomStringConvertible>(_ value: Value?) -> String {
        value.map(\.description) ?? ""
    }

    private static func table(_ rows: [[String]]) -> [UInt8] {
        var writer = CSVWriter()
        for row in rows { writer.record(row) }
        return writer.bytes
    }

    /// The indicators; numbers with a fraction are texts that read back exactly.
    package var indicatorJSON: JSONValue {
        var members: [String: JSONValue] = [:]
        for indicator in indicators {
            var own: [String: JSONValue] = [:]
            own["posts"] = indicator.posts.map(Self.json)
            own["accounts"] = indicator.accounts.map(Self.json)
            own["value"] = indicator.value.map { .string("\($0)") }
            own["accountValue"] = indicator.accountValue.map { .string("\($0)") }
            members[indicator.name] = .object(own)
        }
        return .object(members)
    }

    private static func json(_ part: AccountIndicator.Part) -> JSONValue {
        var members: [String: JSONValue] = [
            "count": .integer(Int64(part.count)), "hits": .integer(Int64(part.hits)),
            "known": .integer(Int64(part.known)),
        ]
        members["percent"] = part.percent.map { .string("\($0)") }
        return .object(members)
    }

    /// What was asked.
    package var ruleJSON: JSONValue {
        [
            "burstSeconds": .integer(rule.crowdSeconds), "minShare": .string("\(rule.shareMin)"),
            "name": "accounts", "rate": .string("\(rule.rate)"), "version": 1,
        ]
    }
}
