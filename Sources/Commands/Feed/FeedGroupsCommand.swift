// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Feed
import FeedKernels

/// `resguardo feed groups`.
struct FeedGroupsCommand: ResguardoCommand {
    /// Whose rule decides.
    enum Rule: String, ExpressibleByArgument, CaseIterable {
        case coortweet, resguardo
    }

    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: Text(
            en: "Groups over weeks: which go on, split, merge, pause, end.",
            es: "Grupos por semanas: cuáles siguen, se dividen, se unen, paran, terminan."
        ).local,
        discussion: Text(
            en: """
                Detects in each period by itself, with the rule's own parameters, and takes \
                groups of different periods for the same if they have enough accounts in common. \
                Periods are counted from a Monday, in UTC; what happens across midnight between \
                two of them is not seen. Writes lives.csv, members.csv, periods.csv, groups.json \
                and provenance.json.
                """,
            es: """
                Detecta en cada período por separado, con los parámetros propios de la regla, y \
                toma por el mismo a grupos de distintos períodos con bastantes cuentas en común. \
                Los períodos se cuentan desde un lunes, en UTC; lo que pasa a medianoche entre \
                dos de ellos no se ve. Escribe lives.csv, members.csv, periods.csv, groups.json y \
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

    @Option(help: Text(en: "Days of a period.", es: "Días de un período.").help)
    var every: Int64 = 7

    @Option(
        help: Text(
            en: "What accounts share, in a dataset.",
            es: "Qué difunden las cuentas, en un conjunto."
        ).help
    )
    var by = ShareLayers(.object)

    @Option(help: Text(en: "Whose rule decides.", es: "De quién es la regla.").help)
    var rule = Rule.resguardo

    @Option(
        help: Text(
            en: "Seconds between two shares of a pair; 10 for “coortweet”, else 60.",
            es: "Segundos entre las dos difusiones de un par; 10 en «coortweet», si no 60."
        ).help
    )
    var window: Int64?

    @Option(
        help: Text(
            en: "What two groups have in common to be the same: shared accounts over all.",
            es: "Lo que tienen en común dos grupos que son el mismo: cuentas comunes sobre todas."
        ).help
    )
    var minJaccard = 0.3

    @Option(
        help: Text(
            en: "How many periods a group may be away.",
            es: "Cuántos períodos puede faltar un grupo."
        ).help
    )
    var memory = 4

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
        try checkOptions()
        let history = try FeedFileFailure.naming(input) {
            try GroupHistory(
                in: ShareSource(path: input, layer: by.first, allow: allow, isLenient: lenient)
                    .read(context),
                days: every,
                minimumJaccard: minJaccard,
                memory: memory,
                by: detect
            )
        }
        let json = document(history)
        if let output {
            try FeedFiles.makeDirectory(output)
            let files = [
                "groups.json": json.canonicalBytes + [UInt8(ascii: "\n")],
                "lives.csv": history.lifeTable, "members.csv": history.memberTable,
                "periods.csv": history.periodTable,
            ]
            try FeedFiles.write(files, to: output)
            try FeedProvenance.write(json, of: Set(files.keys), to: output)
        }
        return Outcome(json: json, lines: lines(history, context.language))
    }

    private func checkOptions() throws {
        guard by.list.count == 1, 1...3660 ~= every, minJaccard > 0, minJaccard <= 1,
            0...1000 ~= memory
        else {
            throw Failure(
                .usage,
                Text(
                    en: "--by takes one thing here, --every is from 1 to 3660 days, --min-jaccard "
                        + "over 0 and at most 1, --memory from 0 to 1000",
                    es: "--by toma aquí una sola cosa, --every va de 1 a 3660 días, --min-jaccard "
                        + "es mayor que 0 y a lo más 1, --memory va de 0 a 1000"
                )
            )
        }
    }

    private var windowSeconds: Int64 { window ?? (rule == .coortweet ? 10 : 60) }

    /// What the rule finds in a period.
    private func detect(_ input: ShareInput) throws(FeedKernelError) -> DetectedNetworks {
        switch rule {
        case .coortweet:
            let rule = try CoShareRule(windowSeconds: windowSeconds)
            return try CoShareDetection(in: input, by: rule, cores: .allCores).networks
        case .resguardo:
            let rule = try TimingRule(windowSeconds: windowSeconds)
            return try TimingDetection(in: input, by: rule, cores: .allCores).networks
        }
    }

    private func document(_ history: GroupHistory) -> JSONValue {
        var words = ["resguardo", "feed", "groups", FeedProvenance.name(of: input)]
        words += ["--every", "\(every)", "--by", by.argument, "--rule", rule.rawValue]
        words += ["--window", "\(windowSeconds)", "--min-jaccard", "\(minJaccard)"]
        words += ["--memory", "\(memory)"]
        if let allow { words += ["--allow", FeedProvenance.name(of: allow)] }
        if lenient { words.append("--lenient") }
        var members = history.json
        members["command"] = .string((words + ["--output", "groups"]).joined(separator: " "))
        members["rule"] = [
            "days": .integer(every), "groupsBy": .string(rule.rawValue),
            "memory": .integer(Int64(memory)), "minJaccard": .string("\(minJaccard)"),
            "name": "groups", "version": 1, "windowSeconds": .integer(windowSeconds),
        ]
        return .object(members)
    }

    private func lines(_ history: GroupHistory, _ language: Language) -> [String] {
        let head = Text(
            en: "\(history.periods.count) periods with shares, \(history.lives.count) groups",
            es: "\(history.periods.count) períodos con difusiones, \(history.lives.count) grupos"
        )
        let rows = (0..<min(10, history.lives.count)).map { life in
            let events = history.lives.rows.filter { $0.life == life }.map { row in
                let size = row.group.flatMap { history.periods[row.period]?.groups[$0].count }
                let count = size.map { " (\($0))" } ?? ""
                return "\(history.number(of: row.period)) \(row.event.says[language])\(count)"
            }
            let text = Text(en: "  group \(life + 1): ", es: "  grupo \(life + 1): ")
            return text[language] + events.joined(separator: ", ")
        }
        return [head[language]] + rows
    }
}
