// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed
import FeedKernels
import SnapshotFormat
import Storage

/// `resguardo feed import`.
struct FeedImportCommand: ResguardoCommand {
    /// `auto`, or the name of a format.
    struct FormatChoice: ExpressibleByArgument {
        static let auto = "auto"
        static var allValueStrings: [String] { [auto] + FeedFormat.allCases.map(\.rawValue) }

        let format: FeedFormat?

        init?(argument: String) {
            format = FeedFormat(rawValue: argument)
            guard format != nil || argument == Self.auto else { return nil }
        }

        init() { format = nil }

        var defaultValueDescription: String { format?.rawValue ?? Self.auto }
    }

    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: Text(
            en: "Add files of shares or posts to a dataset.",
            es: "Agregar archivos a un conjunto de datos."
        ).local,
        discussion: Text(
            en: """
                The dataset is one SQLite file. A file that is imported again adds what is new. A \
                malformed file leaves the dataset as it was.
                """,
            es: """
                El conjunto es un solo archivo SQLite. Un archivo importado otra vez agrega solo \
                lo nuevo. Un archivo mal formado deja el conjunto como estaba.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "Files: tables (CSV) or JSON, packed by gzip or not.",
            es: "Archivos: tablas (CSV) o JSON, comprimidos con gzip o no."
        ).help,
        completion: .file()
    )
    var files: [String]

    @Option(
        help: Text(en: "The dataset; made if absent.", es: "El conjunto; se crea si falta.").help,
        completion: .file()
    )
    var output: String

    @Option(
        help: Text(en: "What the files hold.", es: "Qué contienen los archivos.").help
    )
    var format = FormatChoice()

    @Option(
        help: Text(
            en: "Platform of accounts whose record names none; the format's own if it has one.",
            es: "Plataforma de las cuentas cuyo registro no la dice; si no, la del formato."
        ).help
    )
    var platform: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "A column of ours and the table's name for it; may be repeated.",
                es: "Una columna nuestra y su nombre en la tabla; puede repetirse."
            ).local,
            valueName: Text(en: "ours=theirs", es: "nuestra=suya").local
        )
    )
    var column: [String] = []

    @Flag(
        help: Text(
            en: "Skip and count malformed records.",
            es: "Omitir y contar registros mal formados."
        ).help
    )
    var lenient = false

    @Flag(
        help: Text(
            en: "Tell what the dataset holds afterwards.",
            es: "Decir qué contiene el conjunto al final."
        ).help
    )
    var describe = false

    func run(in context: Context) throws -> Outcome {
        let isPlatform = platform.map {
            Token.isValid($0, countMax: PlatformAccount.platformCountMax)
        }
        guard isPlatform != false else {
            throw Failure(
                .usage,
                Text(
                    en: "--platform takes lower-case letters, digits, “.” and “-”",
                    es: "--platform admite minúsculas, dígitos, «.» y «-»"
                )
            )
        }
        let columns = try columns()
        let inputs = try files.map { try FeedInput($0) }
        let isNew = !FileStatus.exists(BytePath(output))
        let dataset = try openDataset(context)
        var lines: [String] = []
        var reports: [JSONValue] = []
        for input in inputs {
            let report: ImportReport
            do {
                report = try add(input, columns, to: dataset, context)
            } catch {
                // Nobody asked for a dataset with nothing in it.
                if isNew, reports.isEmpty { Self.remove(output) }
                noteWhatWentIn(inputs.prefix(reports.count), context)
                throw error
            }
            reports.append(json(report, input.path))
            lines.append(line(report, input.path)[context.language])
            lines += report.faults.map { fault in
                let expected = fault.expected.text
                let told = Text(
                    en: "expected \(expected.en)",
                    es: "se esperaba \(expected.es)"
                )
                return "  \(input.path):\(fault.line):\(fault.column): "
                    + told[context.language]
            }
        }
        var members: [String: JSONValue] = ["files": .array(reports)]
        if describe {
            let summary = try FeedFileFailure.naming(output) { try dataset.summary() }
            members["dataset"] = json(summary)
            lines += description(summary, context.language)
        }
        return Outcome(json: .object(members), lines: lines)
    }

    /// Opens the dataset, and says so if an import before this one was broken off.
    private func openDataset(_ context: Context) throws -> Dataset {
        let isLeftUnfinished = Dataset.isLeftUnfinished(path: output)
        let dataset = try FeedFileFailure.naming(output) {
            try Dataset(path: output, isCreated: true)
        }
        if isLeftUnfinished {
            context.console.note(
                Text(
                    en: "\(output): an import was broken off; what it had begun is taken back, "
                        + "and the files are read from their start",
                    es: "\(output): una importación quedó a medias; se deshace lo que había "
                        + "empezado y los archivos se leen desde el principio"
                )
            )
        }
        return dataset
    }

    /// Names of our columns by those of the table.
    private func columns() throws -> [String: String] {
        var columns: [String: String] = [:]
        for pair in column {
            let names = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard names.count == 2, columns.updateValue(names[0], forKey: names[1]) == nil else {
                throw Failure(
                    .usage,
                    Text(
                        en: "--column takes OURS=THEIRS, each of theirs once",
                        es: "--column admite NUESTRA=SUYA, cada una de las suyas una vez"
                    )
                )
            }
        }
        return columns
    }

    private func add(
        _ input: FeedInput,
        _ columns: [String: String],
        to dataset: Dataset,
        _ context: Context
    ) throws -> ImportReport {
        let progress = context.console.progress(
            Text(en: "Importing", es: "Importando"),
            total: Int64(input.byteCount)
        )
        defer { progress.finish() }
        do {
            return try dataset.add(
                try input.source(progress),
                format: format.format,
                platform: platform,
                columns: columns,
                isLenient: lenient,
                time: context.now
            )
        } catch {
            // What the dataset cannot take is no fault of the file.
            var path = input.path
            if case .dataset? = error as? FeedError { path = output }
            return try FeedFileFailure.naming(path) { throw error }
        }
    }

    /// One file that fails does not take back those before it, and the person has to know which.
    private func noteWhatWentIn(_ inputs: ArraySlice<FeedInput>, _ context: Context) {
        guard !inputs.isEmpty else { return }
        let names = inputs.map(\.path).joined(separator: ", ")
        context.console.note(
            Text(en: "went into \(output): \(names)", es: "entró en \(output): \(names)")
        )
    }

    private static func remove(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            try? Directory.remove(BytePath(path + suffix))
        }
    }

    private func line(_ report: ImportReport, _ path: String) -> Text {
        let skipped = report.skippedCount
        return Text(
            en: "\(path): \(report.recordCount) records (\(report.format.rawValue)), "
                + "\(report.postsAdded) new posts, \(report.sharesAdded) new shares, "
                + "\(skipped) skipped",
            es: "\(path): \(report.recordCount) registros (\(report.format.rawValue)), "
                + "\(report.postsAdded) publicaciones nuevas, \(report.sharesAdded) "
                + "difusiones nuevas, \(skipped) omitidos"
        )
    }

    private func json(_ report: ImportReport, _ path: String) -> JSONValue {
        let faults = report.faults.map { fault -> JSONValue in
            ["column": .integer(Int64(fault.column)), "line": .integer(Int64(fault.line))]
        }
        return [
            "faults": .array(faults),
            "file": .string(path),
            "format": .string(report.format.rawValue),
            "postsAdded": .integer(Int64(report.postsAdded)),
            "records": .integer(Int64(report.recordCount)),
            "sha256": .string(report.digest),
            "deletions": .integer(Int64(report.deletionCount)),
            "sharesAdded": .integer(Int64(report.sharesAdded)),
            "skipped": .integer(Int64(report.skippedCount)),
        ]
    }

    private func json(_ summary: Dataset.Summary) -> JSONValue {
        var members: [String: JSONValue] = [
            "accounts": .integer(Int64(summary.accountCount)),
            "hashtags": .integer(Int64(summary.hashtagCount)),
            "deleted": .integer(Int64(summary.deletedCount)),
            "links": .integer(Int64(summary.linkCount)),
            "media": .integer(Int64(summary.mediaCount)),
            "replies": .integer(Int64(summary.replyCount)),
            "reposts": .integer(Int64(summary.repostCount)),
            "objects": .integer(Int64(summary.objectCount)),
            "posts": .integer(Int64(summary.postCount)),
            "postsWithText": .integer(Int64(summary.textCount)),
            "shares": .integer(Int64(summary.shareCount)),
        ]
        if let times = summary.times {
            members["from"] = .integer(times.lowerBound)
            members["to"] = .integer(times.upperBound)
        }
        return .object(members)
    }

    private func description(_ summary: Dataset.Summary, _ language: Language) -> [String] {
        let rows: [(Text, Int)] = [
            (Text(en: "accounts", es: "cuentas"), summary.accountCount),
            (Text(en: "posts", es: "publicaciones"), summary.postCount),
            (Text(en: "posts with text", es: "publicaciones con texto"), summary.textCount),
            (Text(en: "shared objects", es: "objetos difundidos"), summary.objectCount),
            (Text(en: "shares", es: "difusiones"), summary.shareCount),
            (Text(en: "hashtags", es: "etiquetas"), summary.hashtagCount),
            (Text(en: "links", es: "enlaces"), summary.linkCount),
            (Text(en: "posts passed on", es: "publicaciones difundidas"), summary.repostCount),
            (Text(en: "answers", es: "respuestas"), summary.replyCount),
            (Text(en: "pictures and films", es: "imágenes y videos"), summary.mediaCount),
            (Text(en: "posts that are gone", es: "publicaciones borradas"), summary.deletedCount),
        ]
        var lines = rows.map { "  \($0.0[language]): \($0.1)" }
        if let times = summary.times {
            let span = (
                Timestamp(seconds: times.lowerBound).minutes,
                Timestamp(seconds: times.upperBound).minutes
            )
            let text = Text(en: "from \(span.0) to \(span.1)", es: "de \(span.0) a \(span.1)")
            lines.append("  " + text[language])
        }
        return lines
    }
}
