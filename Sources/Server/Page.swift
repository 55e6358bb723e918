// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The language of a page.
enum PageLanguage: String, CaseIterable {
    case es, en

    /// The one that whoever asks would rather read.
    static func preferred(by question: Question) -> PageLanguage {
        let accepted = question.header("Accept-Language")?.lowercased() ?? ""
        return accepted.hasPrefix("es") ? .es : .en
    }
}

/// A sentence in both languages.
struct PageText {
    let en: String
    let es: String

    subscript(_ language: PageLanguage) -> String { language == .es ? es : en }
}

/// A page as HTML that is put together from parts which are escaped one by one.
struct Page {
    /// Policy of all pages: no script, nothing from elsewhere, forms to this node only.
    static let policy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"

    static let style = """
        :root { color-scheme: light dark }
        body { font: 1.05rem/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 44rem;
            padding: 1rem; overflow-wrap: anywhere }
        h1 { font-size: 1.5rem; line-height: 1.2 } h2 { font-size: 1.15rem; margin-top: 2rem }
        code, pre, textarea { font-family: ui-monospace, monospace; font-size: .85rem }
        pre { border: 1px solid; padding: .6rem; white-space: pre-wrap }
        textarea { box-sizing: border-box; width: 100%; height: 10rem }
        button { font: inherit; padding: .5rem 1.2rem; margin-top: .5rem }
        .good { border-left: .4rem solid #2a7d3f; padding-left: .8rem }
        .bad { border-left: .4rem solid #b3261e; padding-left: .8rem }
        nav { text-align: right } dt { font-weight: 600; margin-top: .6rem }
        """

    let language: PageLanguage
    /// Where the page is, behind its language.
    private let path: String
    private(set) var body = ""

    init(_ language: PageLanguage, path: String = "") {
        self.language = language
        self.path = path
    }

    /// A text without meaning to HTML.
    static func escape(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    mutating func heading(_ text: PageText) {
        body += "<h2>\(Self.escape(text[language]))</h2>\n"
    }

    mutating func title(_ text: String) { body += "<h1>\(Self.escape(text))</h1>\n" }

    /// A paragraph, of one of the classes of the style.
    mutating func paragraph(_ text: PageText, kind: String? = nil) {
        let attribute = kind.map { " class=\"\($0)\"" } ?? ""
        body += "<p\(attribute)>\(Self.escape(text[language]))</p>\n"
    }

    /// A picture, which is one of ours.
    mutating func picture(_ svg: String) { body += svg }

    /// A link to another part of this node.
    mutating func link(_ text: PageText, to path: String) {
        body += "<p><a href=\"\(path)\">\(Self.escape(text[language]))</a></p>\n"
    }

    /// What is to be copied as it is.
    mutating func block(_ text: String) { body += "<pre>\(Self.escape(text))</pre>\n" }

    /// Terms and what they stand for.
    mutating func list(_ rows: [(PageText, String)]) {
        let items = rows.map { term, text in
            "<dt>\(Self.escape(term[language]))</dt><dd>\(Self.escape(text))</dd>"
        }
        body += "<dl>\(items.joined(separator: "\n"))</dl>\n"
    }

    /// A form with one large field.
    mutating func form(action: String, field: String, label: PageText, button: PageText) {
        body += """
            <form method="post" action="\(action)">
            <label for="\(field)">\(Self.escape(label[language]))</label>
            <textarea id="\(field)" name="\(field)" required spellcheck="false"></textarea>
            <button>\(Self.escape(button[language]))</button>
            </form>

            """
    }

    /// The whole page, as it is sent.
    func answer(title: String, caching: Answer.Caching = .brief) -> Answer {
        Answer(
            mediaType: "text/html; charset=utf-8",
            caching: caching,
            headers: [
                "Content-Security-Policy": Self.policy, "Referrer-Policy": "no-referrer",
                "Vary": "Accept-Language",
            ],
            body: html(title: title)
        )
    }

    /// The whole page.
    func html(title: String) -> [UInt8] {
        let other: PageLanguage = language == .es ? .en : .es
        let link = other == .es ? "Español" : "English"
        let text = """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escape(title))</title>
            <link rel="stylesheet" href="/style.css">
            </head>
            <body>
            <nav><a href="/\(other.rawValue)\(path)" lang="\(other.rawValue)">\(link)</a></nav>
            <main>
            \(body)</main>
            </body>
            </html>

            """
        return Array(text.utf8)
    }
}
