// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import FeedKernels

/// The tables of `feed around`.
///
/// Spec: `docs/spec/around.md`, section 7.
extension AroundAnalysis {
    /// A row an account.
    package var accountTable: [UInt8] {
        let header = [
            "platform", "account_id", "kind", "objects", "score", "p", "q", "confidence",
            "cluster", "known", "says_en", "says_es",
        ]
        let sentences = AroundSentences(analysis: self)
        return Self.table(
            [header]
                + accounts.map { account in
                    let near = account.near
                    let said = sentences.said(of: account)
                    return [
                        account.platform, account.name, kind(of: account),
                        "\(account.objectCount)", Self.text(account.score),
                        Self.text(near?.probability), Self.text(near?.falseShare),
                        Self.text(near?.confidence), Self.text(near.map { $0.cluster + 1 }),
                        Self.text(near?.knownCount), said.en, said.es,
                    ]
                }
        )
    }

    private func kind(of account: Account) -> String {
        account.kind?.rawValue ?? (account.near == nil ? "other" : "near")
    }

    /// A row a cluster.
    package var clusterTable: [UInt8] {
        let header = [
            "cluster", "accounts", "confidence", "objects", "layers", "first", "last",
            "account_ids", "known_ids", "known_objects",
        ]
        return Self.table(
            [header]
                + clusters.enumerated().map { number, cluster in
                    [
                        "\(number + 1)", "\(cluster.accounts.count)", "\(cluster.confidence)",
                        "\(cluster.objectCount)",
                        cluster.layers.map { rule.layers[$0].rawValue }.joined(separator: " "),
                        "\(cluster.times.lowerBound)", "\(cluster.times.upperBound)",
                        names(cluster.accounts), names(cluster.known),
                        cluster.shared.map { "\($0)" }.joined(separator: " "),
                    ]
                }
        )
    }

    /// A row an account and something that brings it near.
    package var evidenceTable: [UInt8] {
        let header = [
            "cluster", "platform", "account_id", "place", "layer", "object", "share", "known",
            "accounts", "first", "last", "known_ids",
        ]
        var rows = [header]
        for cluster in clusters {
            for account in cluster.accounts.map({ accounts[$0] }) {
                guard let near = account.near else { continue }
                for (place, found) in near.evidence.enumerated() {
                    rows.append(
                        [
                            "\(near.cluster + 1)", account.platform, account.name, "\(place + 1)",
                            rule.layers[found.layer].rawValue, found.object, "\(found.share)",
                            "\(found.known.count)", "\(found.accountCount)",
                            "\(found.times.lowerBound)", "\(found.times.upperBound)",
                            names(Array(found.known.prefix(AroundRule.namedCountMax))),
                        ]
                    )
                }
            }
        }
        return Self.table(rows)
    }

    /// A row an account that is asked about.
    package var knownTable: [UInt8] {
        var rows = [["platform", "account_id", "state", "objects"]]
        for account in accounts where account.kind == .designated {
            let state = account.objectCount > 0 ? "connected" : "alone"
            rows.append([account.platform, account.name, state, "\(account.objectCount)"])
        }
        for (platform, name) in missing { rows.append([platform, name, "missing", "0"]) }
        return Self.table(rows)
    }

    /// What was found, in numbers; those with a fraction are texts that read back exactly.
    package var json: JSONValue {
        let objects = zip(rule.layers, objectCounts).map { layer, count in
            (layer.rawValue, JSONValue.integer(Int64(count)))
        }
        let list = clusters.map { cluster -> JSONValue in
            [
                "accounts": .array(
                    cluster.accounts.map { .string(accounts[$0].qualifiedName) }
                ),
                "confidence": .string("\(cluster.confidence)"),
                "known": .array(cluster.known.map { .string(accounts[$0].qualifiedName) }),
            ]
        }
        return [
            "accounts": .integer(Int64(accounts.count)),
            "cells": .integer(Int64(cellCount)),
            "clusters": .array(list),
            "connected": .integer(Int64(connectedCount)),
            "known": [
                "connected": .integer(Int64(startCount)),
                "inData": .integer(Int64(designatedCount)),
                "missing": .integer(Int64(missing.count)),
            ],
            "near": .integer(Int64(accounts.count { $0.near != nil })),
            "objects": .object(Dictionary(uniqueKeysWithValues: objects)),
            "overall": .string("\(overall)"),
            "rule": rule.json,
            "ties": .integer(Int64(tieCount)),
            "trusted": .integer(Int64(accounts.count { $0.kind == .trusted })),
        ]
    }

    private func names(_ places: [Int]) -> String {
        places.map { accounts[$0].qualifiedName }.joined(separator: " ")
    }

    private static func text<Value: CustomStringConvertible>(_ value: Value?) -> String {
        value.map(\.description) ?? ""
    }

    private static func table(_ rows: [[String]]) -> [UInt8] {
        var writer = CSVWriter()
        for row in rows { writer.record(row) }
        return writer.bytes
    }
}
