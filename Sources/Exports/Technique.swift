// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import SnapshotFormat

/// A technique of the DISARM framework.
///
/// Spec: DISARM framework, red, as of 2026: codes and names only.
struct Technique {
    let code: String
    let name: String

    /// Names of the codes that incidents here are likely to hold; others go under their code.
    private static let names = [
        "T0048.003": "Threaten to Dox",
        "T0048.004": "Dox",
        "T0049": "Flood Information Space",
        "T0049.001": "Trolls Amplify and Manipulate",
        "T0049.002": "Flood Existing Hashtag",
        "T0049.003": "Bots Amplify via Automated Forwarding and Reposting",
        "T0060": "Continue to Amplify",
        "T0084.001": "Use Copypasta",
        "T0118": "Amplify Existing Narrative",
        "T0119": "Cross-Posting",
        "T0120": "Incentivize Sharing",
        "T0121.001": "Bypass Content Blocking",
        "T0127.002": "Encourage Physical Violence",
    ]

    /// The technique with this code.
    init(code: String) {
        self.code = code
        name = Self.names[code] ?? code
    }

    /// What a designation shows: how its accounts were found, and what its lexicon is made of.
    static func shown(
        by designation: DesignationRecord,
        _ terms: [LexiconRecord]
    ) -> [Technique] {
        let codes = [
            ("T0049.003", designation.coordination.contains(.technical)),
            ("T0049.001", designation.coordination.contains(.social)),
            ("T0049.002", terms.contains { $0.form == .hashtag }),
            ("T0084.001", designation.accounts.contains { $0.method == "near-duplicate" }),
        ]
        return codes.filter(\.1).map { Technique(code: $0.0) }
    }

    /// What accounts may be doing that share the same things of a layer at the same time.
    ///
    /// Timing shows neither machines nor orders, so that no code that asserts them is named.
    ///
    /// Spec: `docs/spec/detection-files.md`, section 4.
    static func shown(bySharing layer: String) -> Technique {
        switch layer {
        case "hashtag", "hashtag-sequence": Technique(code: "T0049.002")
        case "reply", "mention", "synchrony": Technique(code: "T0049")
        default: Technique(code: "T0118")
        }
    }
}
