// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// Names that strangers chose, as a picture or a page may show them.
package enum ShownName {
    /// The longest name that is shown whole, in code points.
    package static let countMax = 28

    /// A name, short and without characters that turn or move the text around it.
    package static func text(_ bytes: ArraySlice<UInt8>, countMax: Int = countMax) -> String {
        let scalars = ExactName(bytes).text.unicodeScalars
        var text = String.UnicodeScalarView()
        for scalar in scalars.prefix(countMax) {
            // It joins emoji, and turns nothing.
            if scalar == "\u{200d}" {
                text.append(scalar)
                continue
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                text.append("\u{fffd}")
            default: text.append(scalar)
            }
        }
        return String(text) + (scalars.count > countMax ? "…" : "")
    }
}
