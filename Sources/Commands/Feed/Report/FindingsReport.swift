// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// What was found, as a page, as a document, and with the files that it is from.
///
/// Spec: `docs/spec/report.md`.
struct FindingsReport {
    private static let version: Int64 = 1

    private let runs: [FindingsRun]
    private let page: ReportPage
    private let charts: [String: [UInt8]]
    /// The report for programs.
    let json: JSONValue

    /// Makes the page.
    ///
    /// - Throws: A ``Failure`` of a file.
    init(of runs: [FindingsRun], title: String?, in language: Language) throws {
        self.runs = runs
        let standard = Text(
            en: "What was found, and how to check it",
            es: "Qué se halló, y cómo comprobarlo"
        )
        let shown = title.map { Text(en: $0, es: $0) }
        var page = ReportPage(shown ?? standard, in: language)
        page.say(
            Text(
                en: "This page says what was measured, by which rule, with which errors. Who "
                    + "stands behind it, and why, no program knows: coordination is no crime, and "
                    + "no proof of lying. Read the evidence before naming anybody.",
                es: "Esta página dice qué se midió, con qué regla, con qué errores. Quién está "
                    + "detrás, y por qué, no lo sabe ningún programa: coordinarse no es delito, ni "
                    + "prueba de mentira. Lea la evidencia antes de nombrar a nadie."
            )
        )
        var charts: [String: [UInt8]] = [:]
        for run in runs {
            switch run.rule {
            case "coortweet", "toolkit", "resguardo":
                try DetectionSection(run).add(to: &page)
            case "trends":
                charts["\(run.name)-shares.svg"] = try TrendSection(run: run).add(to: &page)
            case "accounts": try AccountSection(run: run).add(to: &page)
            case "around": try AroundSection(run: run).add(to: &page)
            case "communities": try CommunitySection(run: run).add(to: &page)
            case "groups": try GroupSection(run: run).add(to: &page)
            default: Self.addOther(run, to: &page)
            }
        }
        Self.addMethod(runs, to: &page)
        self.page = page
        self.charts = charts
        json = [
            "language": .string(language.rawValue), "runs": .array(runs.map(Self.document)),
            "title": .string(page.title), "version": .integer(Self.version),
        ]
    }

    /// Writes the directory: the page three times, the files of all runs.
    ///
    /// - Throws: A ``Failure``.
    func write(to directory: String) throws {
        try FeedFiles.makeDirectory(directory)
        for run in runs {
            let target = "\(directory)/\(run.name)"
            try FeedFiles.makeDirectory(target)
            for name in run.fileNames + [FindingsRun.provenanceName] {
                try FeedFiles.copy("\(run.path)/\(name)", to: "\(target)/\(name)")
            }
        }
        var files = charts
        files["report.html"] = page.html
        files["report.md"] = page.markdown
        files["report.json"] = json.canonicalBytes + [UInt8(ascii: "\n")]
        try FeedFiles.write(files, to: directory)
    }

    // MARK: Sections

    private static func addOther(_ run: FindingsRun, to page: inout ReportPage) {
        page.begin(Text(en: "Findings: \(run.name)", es: "Hallazgos: \(run.name)"))
        page.say(
            Text(
                en: "This version has no page for the rule “\(run.rule)”; its files are in "
                    + "\(run.name).",
                es: "Esta versión no tiene página para la regla «\(run.rule)»; sus archivos están "
                    + "en \(run.name)."
            )
        )
    }

    private static func addMethod(_ runs: [FindingsRun], to page: inout ReportPage) {
        page.begin(Text(en: "How to check it", es: "Cómo comprobarlo"))
        page.say(
            Text(
                en: "The same data and these commands make the same files, byte for byte "
                    + "(pictures of networks also depend on the version of graphviz). Data are "
                    + "known by their SHA-256; provenance.json in each directory has that of every "
                    + "file, and its own stands here.",
                es: "Los mismos datos y estas órdenes hacen los mismos archivos, byte por byte "
                    + "(las imágenes de redes dependen además de la versión de graphviz). Los "
                    + "datos se conocen por su SHA-256; provenance.json en cada directorio tiene "
                    + "el de cada archivo, y el suyo está aquí."
            )
        )
        for run in runs {
            page.quote([
                run.command,
                "data: \(run.provenance["data"]?.canonicalText ?? "")",
                "rule: \(run.provenance["rule"]?.canonicalText ?? "")",
                "SHA-256 (\(run.name)/\(FindingsRun.provenanceName)) = \(run.digest)",
            ])
        }
    }

    /// What a run says of itself.
    private static func document(_ run: FindingsRun) -> JSONValue {
        [
            "directory": .string(run.name), "provenance": run.provenance,
            "provenanceSha256": .string(run.digest),
        ]
    }
}
