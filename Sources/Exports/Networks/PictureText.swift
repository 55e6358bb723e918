// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// What the pictures have in common.
enum PictureText {
    /// Colours that most people with colour blindness can tell apart (Okabe and Ito 2008).
    private static let colours = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#000000",
    ]

    /// The colour of a group; they come round again after eight.
    static func colour(_ group: Int) -> String { colours[group % colours.count] }

    /// Opens a picture, with what it was made from and how.
    static func open(
        _ width: Int,
        _ height: Int,
        _ provenance: DetectionProvenance,
        in file: inout XMLLines
    ) {
        let size = "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
        file.add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        file.add("<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) font-family=\"sans-serif\">")
        file.add("<metadata>", provenance.json.canonicalText, "</metadata>")
        file.add("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>")
    }

    /// A line of text.
    static func add(
        _ text: String,
        at place: (x: Int, y: Int),
        size: Int = 12,
        language: String? = nil,
        in file: inout XMLLines
    ) {
        let style = "direction=\"ltr\" unicode-bidi=\"isolate\""
        let language = language.map { " xml:lang=\"\($0)\"" } ?? ""
        let position = "x=\"\(place.x)\" y=\"\(place.y)\" font-size=\"\(size)\""
        file.add("<text \(position) \(style)\(language)>", text, "</text>")
    }
}
