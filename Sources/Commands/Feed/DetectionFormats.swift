// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Which files a detection writes beside the tables of its rule.
struct DetectionFormats: ExpressibleByArgument {
    /// A kind of file, or several that belong together.
    enum Format: String, CaseIterable {
        case csv, json, svg, stix, library = "case"
    }

    private let chosen: Set<Format>

    /// None.
    init() { chosen = [] }

    init?(argument: String) {
        var chosen: Set<Format> = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            if word == "all" {
                chosen.formUnion(Format.allCases)
            } else if let format = Format(rawValue: String(word)) {
                chosen.insert(format)
            } else {
                return nil
            }
        }
        self.chosen = chosen
    }

    static var allValueStrings: [String] { Format.allCases.map(\.rawValue) + ["all"] }

    var defaultValueDescription: String { "" }

    /// Those chosen, in a fixed order.
    var names: [String] { Format.allCases.filter(chosen.contains).map(\.rawValue) }

    /// Whether a format was asked for.
    func contains(_ format: Format) -> Bool { chosen.contains(format) }
}
