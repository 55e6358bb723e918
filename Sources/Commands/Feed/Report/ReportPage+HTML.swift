// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// The page as one HTML file: no script, nothing fetched, pictures inside.
extension ReportPage {
    private static let style = """
        body{font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:62rem;\
        margin:2rem auto;padding:0 1rem}h1{font-size:1.7rem}h2{font-size:1.25rem;margin-top:2.2rem;\
        border-top:1px solid #ccc;padding-top:1rem}table{border-collapse:collapse;font-size:.86rem;\
        display:block;overflow-x:auto}th,td{border:1px solid #ddd;padding:.25rem .5rem;\
        text-align:left;vertical-align:top;unicode-bidi:isolate}th{background:#f3f3f3}\
        img{max-width:100%;border:1px solid #ddd}pre{background:#f6f6f6;padding:.7rem;\
        white-space:pre-wrap;overflow-wrap:anywhere}@media print{h2,table,img{break-inside:avoid}}
        """

    /// The whole file.
    ///
    /// Pictures are images and no part of the document: a script in one would never run.
    var html: [UInt8] {
        var body = ""
        for block in blocks { body += Self.html(block) }
        let title = XMLText.escaped(title)
        let page = """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            img-src data:; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(title)</h1>
            \(body)</body>
            </html>

            """
        return Array(page.utf8)
    }

    private static func html(_ block: Block) -> String {
        switch block {
        case .heading(let text): return "<h2>\(XMLText.escaped(text))</h2>\n"
        case .paragraph(let text): return "<p>\(XMLText.escaped(text))</p>\n"
        case .code(let lines):
            return "<pre>\(XMLText.escaped(lines.joined(separator: "\u{2028}")))</pre>\n"
                .replacing("\u{2028}", with: "\n")
        case .picture(let svg, _, let says):
            let source = "data:image/svg+xml;base64,\(Base64.encode(svg))"
            return "<p><img src=\"\(source)\" alt=\"\(XMLText.escaped(says))\"></p>\n"
        case .table(let header, let rows):
            var table = "<table>\n<tr>"
            for cell in header { table += "<th>\(XMLText.escaped(cell))</th>" }
            table += "</tr>\n"
            for row in rows {
                table += "<tr>"
                for cell in row { table += "<td>\(XMLText.escaped(cell))</td>" }
                table += "</tr>\n"
            }
            return table + "</table>\n"
        }
    }
}
