// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed
import FeedKernels

/// `resguardo feed windows`.
struct FeedWindowsCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "windows",
        abstract: Text(
            en: "Which window to ask for, and what each one would find.",
            es: "Qué ventana pedir, y qué hallaría cada una."
        ).local,
        discussion: Text(
            en: """
                Estimates a window as CooRnet does: the things whose second share came soonest, \
                and the time until most of their shares were there. Then runs the rule \
                “coortweet” with windows from a second to an hour. A finding that stands for one \
                window only is a finding about the window. Writes windows.csv, windows.json and \
                provenance.json.
                """,
            es: """
                Estima una ventana como CooRnet: las cosas cuya segunda difusión llegó antes, y \
                el tiempo hasta que estaba la mayor parte. Luego usa la regla «coortweet» con \
                ventanas de un segundo a una hora. Un hallazgo que vale con una sola ventana es \
                un hallazgo sobre la ventana. Escribe windows.csv, windows.json y \
                provenance.json.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "A dataset, or a CSV file of shares.",
            es: "Un conjunto de datos, o un archivo CSV de difusiones."
        ).help,
        completion: .file()
    )
    var input: String

    @Option(
        help: Text(
            en: "What accounts share, in a dataset.",
            es: "Qué difunden las cuentas, en un conjunto."
        ).help
    )
    var by = ShareLayers(.object)

    @Option(
        help: Text(
            en: "Which part of the things are the quick ones, 0 to 1.",
            es: "Qué parte de las cosas son las rápidas, de 0 a 1."
        ).help
    )
    var quantile = 0.1

    @Option(
        help: Text(
            en: "The part of a thing's shares that is waited for, 0 to 1.",
            es: "La parte de las difusiones de una cosa que se espera, de 0 a 1."
        ).help
    )
    var part = 0.5

    @Option(
        help: Text(
            en: "Shares an account needs to take part.",
            es: "Difusiones que una cuenta necesita para participar."
        ).help
    )
    var minParticipation = 2

    @Option(
        help: Text(
            en: "Quantile of edge weights that a strong edge exceeds, 0 to 1.",
            es: "Cuantil de pesos que supera una arista fuerte, de 0 a 1."
        ).help
    )
    var edgeWeight = 0.5

    @Option(
        help: Text(
            en: "Table of kind (account, domain, object) and value that may be shared together.",
            es: "Tabla de kind (account, domain, object) y value que se pueden difundir a la vez."
        ).help,
        completion: .file()
    )
    var allow: String?

    @Option(
        help: Text(en: "Directory for the tables.", es: "Directorio para las tablas.").help,
        completion: .directory
    )
    var output: String?

    @Flag(
        help: Text(
            en: "Skip and count malformed records.",
            es: "Omitir y contar registros mal formados."
        ).help
    )
    var lenient = false

    func run(in context: Context) throws -> Outcome {
        guard by.list.count == 1 else {
            throw Failure(
                .usage,
                Text(en: "--by takes one thing here", es: "--by toma aquí una sola cosa")
            )
        }
        let curve = try FeedFileFailure.naming(input) {
            try WindowCurve(
                in: ShareSource(
                    path: input,
                    layer: by.first,
                    allow: allow,
                    isLenient: lenient
                ).read(context),
                quantile: quantile,
                part: part,
                minimumParticipation: minParticipation,
                edgeWeightQuantile: edgeWeight,
                cores: .allCores
            )
        }
        let json = document(curve)
        if let output {
            try FeedFiles.makeDirectory(output)
            let files = [
                "windows.csv": curve.table,
                "windows.json": json.canonicalBytes + [UInt8(ascii: "\n")],
            ]
            try FeedFiles.write(files, to: output)
            try FeedProvenance.write(json, of: Set(files.keys), to: output)
        }
        return Outcome(json: json, lines: lines(curve, context.language))
    }

    private func document(_ curve: WindowCurve) -> JSONValue {
        var words = ["resguardo", "feed", "windows", FeedProvenance.name(of: input)]
        words += ["--by", by.argument, "--quantile", "\(quantile)", "--part", "\(part)"]
        words += ["--min-participation", "\(minParticipation)", "--edge-weight", "\(edgeWeight)"]
        if let allow { words += ["--allow", FeedProvenance.name(of: allow)] }
        if lenient { words.append("--lenient") }
        var members = curve.json
        members["command"] = .string((words + ["--output", "windows"]).joined(separator: " "))
        members["rule"] = [
            "edgeWeight": .string("\(edgeWeight)"),
            "minParticipation": .integer(Int64(minParticipation)), "name": "windows",
            "part": .string("\(part)"), "quantile": .string("\(quantile)"), "version": 1,
        ]
        return .object(members)
    }

    private func lines(_ curve: WindowCurve, _ language: Language) -> [String] {
        let estimate = curve.estimate
        let head: Text
        if let seconds = estimate.seconds {
            head = Text(
                en: "window by CooRnet's rule: \(seconds) s (\(estimate.quickCount) quick ones of "
                    + "\(estimate.objectCount) things shared more than once)",
                es: "ventana según la regla de CooRnet: \(seconds) s (\(estimate.quickCount) "
                    + "rápidas de \(estimate.objectCount) cosas difundidas más de una vez)"
            )
        } else {
            head = Text(
                en: "nothing was shared more than once: no window can be estimated",
                es: "nada se difundió más de una vez: no se puede estimar una ventana"
            )
        }
        let rows = curve.points.map { point in
            Text(
                en: "  \(point.seconds) s: \(point.pairCount) pairs, \(point.edgeCount) edges, "
                    + "\(point.strongEdgeCount) over the threshold, \(point.networkCount) networks "
                    + "of \(point.accountCount) accounts",
                es: "  \(point.seconds) s: \(point.pairCount) pares, \(point.edgeCount) aristas, "
                    + "\(point.strongEdgeCount) sobre el umbral, \(point.networkCount) redes de "
                    + "\(point.accountCount) cuentas"
            )[language]
        }
        guard curve.points.count < WindowCurve.windows.count else { return [head[language]] + rows }
        let left = WindowCurve.windows[curve.points.count]
        let note = Text(
            en: "  \(left) s and longer: more than \(WindowCurve.pairCountMax) pairs, left out",
            es: "  \(left) s y más: más de \(WindowCurve.pairCountMax) pares, sin contar"
        )
        return [head[language]] + rows + [note[language]]
    }
}
