// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Storage
internal import TransparencyLog
internal import Vault

/// The report in a bag, for people: one HTML page without scripts, made to be printed.
///
/// Everything in it comes from the bag; names of files are shown with control characters written
/// out, and escaped.
struct BagReport {
    /// The most files that are listed, in all items together: `weasyprint` takes minutes for a few
    /// thousand, and nobody reads them.
    private static let fileCountMax = 500

    private let contents: BagContents
    private let language: Language

    init(_ contents: BagContents, language: Language) {
        self.contents = contents
        self.language = language
    }

    /// The file's name, without its extension.
    var name: String { say("report-en", "informe-es") }

    /// The page.
    var html: [UInt8] {
        let title = say("Evidence report", "Informe de evidencia")
        let body =
            heading(title) + summary + overview
            + contents.items.enumerated().map { section($1, number: $0 + 1) }.joined()
            + checks + again + limits
        return Array(
            """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title><style>\(BagReportStyle.css)</style></head>
            <body>\(body)</body></html>

            """.utf8
        )
    }

    // MARK: Sections

    private func heading(_ title: String) -> String {
        let count = contents.items.count
        let made = moment(contents.createdAt)
        return """
            <header><p class="mark">Resguardo</p><h1>\(title)</h1>
            <p class="sub">\(say(
                "Case \(short(contents.casePseudonym)) · \(count) item(s) · made \(made)",
                "Caso \(short(contents.casePseudonym)) · \(count) objeto(s) · hecho el \(made)"
            ))</p></header>
            """
    }

    private var summary: String {
        let proven = contents.hasTimeEvidence
        let sentence = say(
            "The files in this bag are, bit for bit, those that were sealed and receipted when they"
                + " were deposited. Nothing was changed, added or taken away since.",
            "Los archivos de este paquete son, bit por bit, los que se sellaron y de los que se dio"
                + " recibo al depositarlos. Nada se cambió, agregó ni quitó desde entonces."
        )
        let time =
            proven
            ? say(
                "The times below are proven by outside authorities where it says so; the clock of"
                    + " the depositor's device plays no part in them.",
                "Las horas de abajo están probadas por autoridades externas donde así se indica; el"
                    + " reloj del dispositivo no interviene en ellas."
            )
            : say(
                "When that was is not proven by anybody outside: only the depositor's device says.",
                "Cuándo fue no lo prueba nadie externo: solo lo dice el dispositivo de quien"
                    + " depositó."
            )
        return "<section class=\"summary\"><p>\(sentence)</p><p>\(time)</p></section>"
    }

    private var overview: String {
        let by =
            contents.isByDepositor
            ? say("also a depositor of these items", "también depositante de estos objetos")
            : say("not a depositor of these items", "no es depositante de estos objetos")
        return table([
            (say("Case (pseudonym)", "Caso (seudónimo)"), code(contents.casePseudonym)),
            (
                say("Bag made by (pseudonym)", "Paquete hecho por (seudónimo)"),
                code(contents.member) + "<br><span class=\"quiet\">\(by)</span>"
            ),
            (say("Bag made at", "Paquete hecho a las"), moment(contents.createdAt)),
            (say("With", "Con"), escape(contents.tool)),
            (say("Log", "Registro"), code(contents.log.encoded)),
        ])
    }

    private func section(_ item: BagContents.Item, number: Int) -> String {
        var rows = [
            (say("Item", "Objeto"), code(item.name)),
            (
                say("Deposited by (pseudonym)", "Depositado por (seudónimo)"),
                code(Hex.encode(item.statement.member))
            ),
            (say("Entry in the log", "Entrada en el registro"), "\(item.receipt.proof.index)"),
        ]
        if let time = item.evidence.capturedAt {
            rows.append(
                (
                    say("Captured, as the depositor says", "Captado, según quien depositó"),
                    moment(time)
                )
            )
        }
        if let note = item.evidence.note {
            rows.append((say("Note of the depositor", "Nota de quien depositó"), escape(note)))
        }
        return """
            <section class="item"><h2>\(say("Item", "Objeto")) \(number)</h2>
            \(bracket(item))\(table(rows))
            <h3>\(say("Files", "Archivos"))</h3>\(files(item))
            <h3>\(say("Custody", "Custodia"))</h3>\(custody(item))</section>
            """
    }

    private func bracket(_ item: BagContents.Item) -> String {
        func end(_ title: String, _ bound: TimeBracket.Bound?) -> String {
            let time = bound.map { moment($0.seconds) } ?? say("not proven", "no probado")
            let who =
                bound.map { escape($0.authority) }
                ?? say(
                    "no outside evidence of time",
                    "sin evidencia externa de tiempo"
                )
            return "<div class=\"\(bound == nil ? "open" : "proven")\"><p class=\"label\">\(title)"
                + "</p><p class=\"time\">\(time)</p><p class=\"who\">\(who)</p></div>"
        }
        let claim =
            "<div class=\"open\"><p class=\"label\">"
            + say("The device says", "El dispositivo dice")
            + "</p><p class=\"time\">\(escape(item.bracket.claimedDate))</p><p class=\"who\">"
            + say("a claim, not a proof", "una afirmación, no una prueba") + "</p></div>"
        return "<div class=\"bracket\">"
            + end(say("Deposited not before", "Depositado no antes de"), item.bracket.earliest)
            + end(say("Deposited not after", "Depositado no después de"), item.bracket.latest)
            + claim + "</div>"
    }

    private func files(_ item: BagContents.Item) -> String {
        let paths = item.paths.sorted { $0.key < $1.key }
        let countMax = max(1, Self.fileCountMax / contents.items.count)
        let rows = paths.prefix(countMax).map { index, path in
            let entry = item.evidence.entries[index]
            return "<tr><td>\(escape(String(decoding: entry.name, as: UTF8.self)))"
                + "<br><span class=\"quiet\">\(escape(path))</span></td>"
                + "<td class=\"number\">\(entry.sizeBytes)</td>"
                + "<td>\(code(Hex.encode(entry.sha256)))</td></tr>"
        }
        let rest = paths.count - rows.count
        let more =
            rest == 0
            ? ""
            : "<p>"
                + say(
                    "… and \(rest) more, listed in evidence.json.",
                    "… y \(rest) más, listados en evidence.json."
                ) + "</p>"
        return "<table class=\"list\"><thead><tr><th>\(say("Name", "Nombre"))</th><th>"
            + "\(say("Bytes", "Bytes"))</th><th>SHA-256</th></tr></thead><tbody>"
            + rows.joined() + "</tbody></table>" + more
    }

    private func custody(_ item: BagContents.Item) -> String {
        var rows = item.evidence.custody.map { event in
            (
                moment(event.at),
                word(of: event) + (event.note.map { ": " + escape($0) } ?? ""),
                escape(event.tool)
            )
        }
        rows.append(
            (
                moment(contents.createdAt),
                say("unpacked into this bag", "desempacado en este paquete"),
                escape(contents.tool)
            )
        )
        let lines = rows.map { "<tr><td>\($0.0)</td><td>\($0.1)</td><td>\($0.2)</td></tr>" }
        return "<table class=\"list\"><thead><tr><th>"
            + say("Time, as the device says", "Hora, según el dispositivo")
            + "</th><th>\(say("Event", "Hecho"))</th><th>\(say("Program", "Programa"))</th></tr>"
            + "</thead><tbody>" + lines.joined() + "</tbody></table><p class=\"quiet\">"
            + say(
                "In between, the item lay sealed: without the key of the case nobody could read"
                    + " it, and nobody could change it unnoticed.",
                "Entretanto el objeto estuvo sellado: sin la llave del caso nadie podía leerlo, y"
                    + " nadie podía cambiarlo sin que se notara."
            ) + "</p>"
    }

    /// What happened, in the reader's language.
    private func word(of event: CustodyEvent) -> String {
        switch CustodyEvent.Kind(rawValue: event.event) {
        case .captured: say("captured", "capturado")
        case .received: say("received", "recibido")
        case .copied: say("copied", "copiado")
        case .downloaded: say("downloaded", "descargado")
        case .transferred: say("transferred", "transferido")
        case .examined: say("examined", "examinado")
        case nil: say("deposited", "depositado")
        }
    }

    private var checks: String {
        section(
            say("What was checked", "Qué se revisó"),
            [
                say(
                    "The digest and length of every original, against evidence.json.",
                    "El resumen y tamaño de cada original, contra evidence.json."
                ),
                say(
                    "evidence.json, against the commitment that the depositor signed.",
                    "evidence.json, contra el compromiso que firmó quien depositó."
                ),
                say(
                    "The depositor's signature, and the proof that the log accepted it.",
                    "La firma de quien depositó, y la prueba de que el registro lo aceptó."
                ),
                say(
                    "Each time stamp (RFC 3161): its signature, and what it is about.",
                    "Cada sello de tiempo (RFC 3161): su firma, y de qué trata."
                ),
                say(
                    "The custody log, against the evidence; the signature over the whole bag.",
                    "La cadena de custodia, contra la evidencia; la firma de todo el paquete."
                ),
            ]
        )
    }

    private var again: String {
        "<section><h2>\(say("How to check again", "Cómo revisarlo otra vez"))</h2><p>"
            + say(
                "In the directory of the bag, with Python 3 and openssl, offline:",
                "En el directorio del paquete, con Python 3 y openssl, sin conexión:"
            ) + "</p><pre>python3 verify.py .</pre><p>"
            + say(
                "README.txt shows how other programs check parts of it. Compare the log's key above"
                    + " with the one that the depositor made known.",
                "README.txt muestra cómo otros programas revisan partes. Compare la llave del"
                    + " registro de arriba con la que dio a conocer quien depositó."
            ) + "</p></section>"
    }

    private var limits: String {
        section(
            say("What this does not prove", "Qué no prueba esto"),
            [
                say(
                    "That a scene is true, or who made the files before they were deposited.",
                    "Que una escena sea verdadera, ni quién hizo los archivos antes del depósito."
                ),
                say("Who is behind a pseudonym.", "Quién está detrás de un seudónimo."),
                say(
                    "That a time-stamping authority is honest: you choose whose roots you trust.",
                    "Que una autoridad de tiempo sea honesta: el certificado raíz debe ser suyo."
                ),
            ]
        )
    }

    // MARK: Words

    private func section(_ title: String, _ points: [String]) -> String {
        "<section><h2>\(title)</h2><ul>" + points.map { "<li>\($0)</li>" }.joined()
            + "</ul></section>"
    }

    private func table(_ rows: [(String, String)]) -> String {
        "<table class=\"facts\">"
            + rows.map { "<tr><th>\($0.0)</th><td>\($0.1)</td></tr>" }.joined() + "</table>"
    }

    private func say(_ english: String, _ spanish: String) -> String {
        Text(en: english, es: spanish)[language]
    }

    private func moment(_ seconds: Int64) -> String {
        let text = Timestamp(seconds: seconds).rfc3339
        return text.prefix(10) + " " + text.dropFirst(11).dropLast() + " UTC"
    }

    private func short(_ digest: String) -> String { String(digest.prefix(8)) }

    private func code(_ text: String) -> String { "<code>\(escape(text))</code>" }

    private func escape(_ text: String) -> String {
        Self.escape(text)
    }

    /// Text that HTML shows as it is, on one line, in one direction.
    static func escape(_ text: String) -> String {
        var result = ""
        for character in Console.printable(text).unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
