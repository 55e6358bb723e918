// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import SnapshotFormat

/// Labels for AT Protocol, as `com.atproto.label.defs#label`.
///
/// A badge ends with the snapshot that it came from, so a label server that goes silent, or is
/// taken, ceases to vouch within a week. What was said before and holds no more is retracted; bad
/// news has labels of its own, since a retraction says nothing.
///
/// Spec: atproto.com, Labels; `docs/spec/exports.md`, section 3.
package enum ATProtoLabels {
    /// The label of a state; `nil` for states that nobody need hear of.
    package static func value(of state: SourceState) -> String? {
        switch state {
        case .attested: "registry-attested"
        case .suspended: "registry-suspended"
        case .takenOver: "registry-taken-over"
        case .memorial: "registry-memorial"
        case .revoked: "registry-revoked"
        case .provisional, .lapsed: nil
        }
    }

    /// The labels of an account.
    ///
    /// - Parameters:
    ///   - news: What is known of it.
    ///   - source: The DID of the label server, in whose document `key` stands as `#atproto_label`.
    ///   - key: Signs.
    ///   - date: Of the snapshot, Unix seconds.
    /// - Returns: Retractions first; nothing for accounts without a DID.
    package static func labels(
        for news: SourceNews,
        source: String,
        key: borrowing LabelKey,
        date: Int64
    ) -> [JSONValue] {
        guard news.account.stableID.hasPrefix("did:") else { return [] }
        let common: [String: JSONValue] = [
            "cts": .string(time(date)), "src": .string(source),
            "uri": .string(news.account.stableID), "ver": 1,
        ]
        var labels: [JSONValue] = []
        for value in news.earlier.compactMap(value(of:)) {
            let gone: [String: JSONValue] = ["neg": true, "val": .string(value)]
            labels.append(signed(common.merging(gone) { $1 }, key))
        }
        if let value = value(of: news.standing.state) {
            let present: [String: JSONValue] = [
                "exp": .string(time(news.until)), "val": .string(value),
            ]
            labels.append(signed(common.merging(present) { $1 }, key))
        }
        return labels
    }

    private static func signed(
        _ members: [String: JSONValue],
        _ key: borrowing LabelKey
    ) -> JSONValue {
        let signature = key.sign(DAGCBOR.encode(.object(members)))
        var signed = members
        signed["sig"] = ["$bytes": .string(Base64.encode(signature, padded: false))]
        return .object(signed)
    }

    static func time(_ seconds: Int64) -> String {
        Timestamp(seconds: seconds).rfc3339.dropLast() + ".000Z"
    }

    /// What a label server declares: its labels, in two languages.
    ///
    /// Spec: lexicon `app.bsky.labeler.service`.
    package static func declaration(date: Int64) -> JSONValue {
        let labels = Label.all
        return [
            "$type": "app.bsky.labeler.service",
            "createdAt": .string(time(date)),
            "policies": [
                "labelValueDefinitions": .array(labels.map(\.definition)),
                "labelValues": .array(labels.map { .string($0.identifier) }),
            ],
            "reasonTypes": [
                "com.atproto.moderation.defs#reasonAppeal",
                "com.atproto.moderation.defs#reasonMisleading",
                "com.atproto.moderation.defs#reasonOther",
            ],
            "subjectTypes": ["account"],
        ]
    }

    /// A record that clients with verifiers of their own read.
    ///
    /// It holds no longer than the names do, has no end and no reason, so it is for attested
    /// accounts only, and to be deleted as soon as an account is in this list no more.
    ///
    /// Spec: lexicon `app.bsky.graph.verification`.
    ///
    /// - Parameters:
    ///   - news: Of an attested account.
    ///   - profile: The names that the account shows today.
    ///   - date: Of the snapshot, Unix seconds.
    /// - Returns: The record; `nil` unless the account is attested and the names are its own.
    package static func verification(
        of news: SourceNews,
        profile: ATProtoProfile,
        date: Int64
    ) -> JSONValue? {
        guard news.isAttested, profile.did == news.account.stableID else { return nil }
        return [
            "$type": "app.bsky.graph.verification",
            "createdAt": .string(time(date)),
            "displayName": .string(profile.displayName),
            "handle": .string(profile.handle),
            "subject": .string(profile.did),
        ]
    }
}

/// The names that an account of AT Protocol shows.
package struct ATProtoProfile: Sendable {
    /// Its stable id.
    package let did: String
    /// The handle, which can change.
    package let handle: String
    /// The name above posts, which can change.
    package let displayName: String

    /// Reads `{"did", "displayName", "handle"}`, other members ignored.
    package init?(_ value: JSONValue) {
        guard let did = value["did"]?.string, did.hasPrefix("did:"),
            let handle = value["handle"]?.string, !handle.isEmpty
        else { return nil }
        self.did = did
        self.handle = handle
        displayName = value["displayName"]?.string ?? ""
    }
}

/// A label with what people read.
private struct Label {
    let identifier: String
    let isAlert: Bool
    let hidesContent: Bool
    let names: (en: String, es: String)
    let descriptions: (en: String, es: String)

    var definition: JSONValue {
        [
            "blurs": hidesContent ? "content" : "none",
            "defaultSetting": "warn",
            "identifier": .string(identifier),
            "locales": [
                [
                    "description": .string(descriptions.es), "lang": "es",
                    "name": .string(names.es),
                ],
                [
                    "description": .string(descriptions.en), "lang": "en",
                    "name": .string(names.en),
                ],
            ],
            "severity": isAlert ? "alert" : "inform",
        ]
    }

    static var all: [Label] {
        [
            Label(
                identifier: "registry-attested",
                isAlert: false,
                hidesContent: false,
                names: ("Attested source", "Fuente atestiguada"),
                descriptions: (
                    "Independent organisations vouch for this account. Which ones is not shown.",
                    "Organizaciones independientes avalan esta cuenta. No se muestra cuáles."
                )
            ),
            Label(
                identifier: "registry-suspended",
                isAlert: true,
                hidesContent: false,
                names: ("Attestation suspended", "Atestación suspendida"),
                descriptions: (
                    "Something about this account is being looked into.",
                    "Se está revisando algo sobre esta cuenta."
                )
            ),
            Label(
                identifier: "registry-taken-over",
                isAlert: true,
                hidesContent: true,
                names: ("Account taken over", "Cuenta tomada"),
                descriptions: (
                    "Whoever posts here now is not the person who was attested.",
                    "Quien publica aquí ahora no es la persona atestiguada."
                )
            ),
            Label(
                identifier: "registry-memorial",
                isAlert: true,
                hidesContent: false,
                names: ("In memoriam", "En memoria"),
                descriptions: (
                    "The person behind this account has died. Do not trust later posts.",
                    "La persona detrás de esta cuenta murió. No confíe en lo que publique después."
                )
            ),
            Label(
                identifier: "registry-revoked",
                isAlert: true,
                hidesContent: false,
                names: ("Attestation withdrawn", "Atestación retirada"),
                descriptions: (
                    "The organisations took back their word, for reasons that can be appealed.",
                    "Las organizaciones retiraron su aval, con razones que pueden apelarse."
                )
            ),
        ]
    }
}
