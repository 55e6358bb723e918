// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Feed

/// The designation of the story's network, as a council would file it.
enum DemoDesignation {
    /// What the council signs: the two-part test, the evidence by its digests, the terms.
    static var statement: JSONValue {
        // The form lists digests in ascending order.
        let evidence = (1...3).map { digest("Puente Seco, screenshot \($0)") }
            .sorted { $0.canonicalText < $1.canonicalText }
        return [
            "name": .string(DemoFeed.networkName),
            "identifiableGroup": true,
            "unifiedPurpose": true,
            "coordination": ["technical", "social"],
            "activities": [
                [
                    "description": "threats against the people of three villages",
                    "harm": "physical",
                    "grade": "high",
                    "evidence": .array(evidence),
                ]
            ],
            "terms": [],
            "rightsImpact":
                "People who report threats use the same words; only listed accounts count.",
            "reasons": ["Three villages were threatened by the same accounts within minutes."],
            "actions": ["no-trend", "no-recommend"],
            "dossiers": [
                digest("dossier of the observatory"), digest("dossier of the collective"),
            ],
        ]
    }

    /// The accounts, which stay beside the log.
    static var accounts: [UInt8] {
        DemoFeed.networkAccounts.flatMap { account in
            let row: JSONValue = [
                "account": ["id": .string(account), "platform": .string(DemoFeed.platform)],
                "confidence": 950,
                "method": "co-share",
            ]
            return row.canonicalBytes + [UInt8(ascii: "\n")]
        }
    }

    private static func digest(_ text: String) -> JSONValue {
        .string(Hex.encode(SHA256.hash(Array(text.utf8))))
    }
}
