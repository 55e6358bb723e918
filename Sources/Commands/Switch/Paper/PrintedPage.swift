// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium

/// A page to print, on A4 and Letter alike: no script, nothing fetched, no date.
///
/// Whoever finds the sheet reads what stands on it: the words of a page say nothing of a switch.
struct PrintedPage {
    private static let style = """
        @page{margin:15mm}body{font:11pt/1.4 serif;color:#000;background:#fff;margin:0}\
        h1{font-size:14pt;margin:0 0 4mm}table{border-collapse:collapse;width:100%;margin:4mm 0}\
        td{border-top:1px solid #999;padding:1.2mm 1mm;font:8.5pt monospace;white-space:nowrap}\
        td:first-child{font-weight:bold;text-align:right}tr,svg{break-inside:avoid}\
        pre{font:10pt/1.6 monospace;white-space:pre-wrap}svg{width:60mm;height:60mm}
        """

    let title: Text
    private var body = ""

    /// An empty page.
    init(_ title: Text) {
        self.title = title
    }

    /// Adds a paragraph.
    mutating func say(_ text: Text) {
        body += "<p>\(Self.escape(text.local))</p>\n"
    }

    /// Adds lines as they are.
    mutating func show(_ lines: [String]) {
        body += "<pre>\(Self.escape(lines.joined(separator: "\n")))</pre>\n"
    }

    /// Adds rows of cells.
    mutating func tabulate(_ rows: [[String]]) {
        body += "<table>\n"
        for row in rows {
            let cells = row.map { "<td>\(Self.escape($0))</td>" }.joined()
            body += "<tr>\(cells)</tr>\n"
        }
        body += "</table>\n"
    }

    /// Adds a QR code.
    ///
    /// - Throws: `.failed` where `qrencode` does not draw.
    mutating func draw(_ text: borrowing SecretBytes) throws {
        guard let drawn = QRCode.draw(text, as: .svg) else { throw QRCode.missing }
        let picture = String(decoding: drawn, as: UTF8.self)
        // What stands before it is for files of their own.
        guard let start = picture.firstRange(of: "<svg")?.lowerBound else { throw QRCode.missing }
        body += picture[start...]
    }

    /// The whole file.
    var html: String {
        """
        <!DOCTYPE html>
        <html lang="\(Language.current.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'unsafe-inline'">
        <title>\(Self.escape(title.local))</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <h1>\(Self.escape(title.local))</h1>
        \(body)</body>
        </html>

        """
    }

    /// Text that is not markup.
    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
