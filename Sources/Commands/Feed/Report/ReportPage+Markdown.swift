// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The page as Markdown, for repositories and newsrooms' systems.
extension ReportPage {
    private static let marks = "\\`*_[]<>|~#&$"

    /// The whole file.
    var markdown: [UInt8] {
        var page = "# \(Self.escaped(title))\n"
        for block in blocks { page += "\n" + Self.markdown(block) }
        return Array(page.utf8)
    }

    private static func markdown(_ block: Block) -> String {
        switch block {
        case .heading(let text): return "## \(escaped(text))\n"
        case .paragraph(let text): return "\(escaped(text))\n"
        // Four spaces: no line of a block that is indented can end it.
        case .code(let lines): return lines.map { "    \($0)\n" }.joined()
        case .picture(_, let path, let says): return "![\(escaped(says))](\(path))\n"
        case .table(let header, let rows):
            var table = line(header)
            table += "|" + header.map { _ in "---|" }.joined() + "\n"
            for row in rows { table += line(row) }
            return table
        }
    }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
    }

    /// Text without marks that Markdown would read.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if marks.contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
