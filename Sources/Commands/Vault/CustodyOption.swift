// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Vault

/// One `--custody 'EVENT TIME [TEXT]'`: a step before the deposit, as the depositor says.
struct CustodyOption: ExpressibleByArgument {
    let kind: CustodyEvent.Kind
    let at: Timestamp
    let note: String?

    init?(argument: String) {
        let words = argument.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count >= 2, let kind = CustodyEvent.Kind(rawValue: String(words[0])),
            let at = Timestamp(parsing: String(words[1])),
            words.count < 3 || words[2].utf8.count <= CustodyEvent.noteCountMax
        else { return nil }
        self.kind = kind
        self.at = at
        note = words.count == 3 ? String(words[2]) : nil
    }

    static let help = Text(
        en: "A step before this deposit, as you say (repeatable): “EVENT TIME [WHO AND HOW]”;"
            + " EVENT is captured, received, copied, downloaded, transferred or examined.",
        es: "Un paso anterior, según usted (repetible): «EVENTO MOMENTO [QUIÉN Y CÓMO]»;"
            + " EVENTO es captured, received, copied, downloaded, transferred o examined."
    ).help

    /// The steps, the oldest first, noted down by this program.
    static func events(_ options: [CustodyOption], tool: String) -> [CustodyEvent] {
        // Steps of the same moment stay in the order in which they were given.
        options.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map { _, option in
                CustodyEvent(
                    event: option.kind.rawValue,
                    at: option.at.seconds,
                    tool: tool,
                    note: option.note
                )
            }
    }
}
