// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BulkCrypto
import Encodings
import Feed
import FeedKernels

/// `resguardo feed communities`.
struct FeedCommunitiesCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "communities",
        abstract: Text(
            en: "Communities of a network, and how coordinated each account is in it.",
            es: "Comunidades de una red, y cuán coordinada está cada cuenta en ella."
        ).local,
        discussion: Text(
            en: """
                Takes a directory that `feed detect` wrote. Finds communities (Leiden, by \
                modularity), takes the lighter edges away step by step, and says for each account \
                up to which weight its community holds together: its degree. Writes \
                communities.csv, sweep.csv, lives.csv, sweep.json and provenance.json. A community \
                is a way to look at a network; only the rule that made the edges says whether they \
                are coordination.
                """,
            es: """
                Toma un directorio que escribió `feed detect`. Halla comunidades (Leiden, por \
                modularidad), quita por pasos las aristas más livianas y dice, de cada cuenta, \
                hasta qué peso se mantiene su comunidad: su grado. Escribe communities.csv, \
                sweep.csv, lives.csv, sweep.json y provenance.json. Una comunidad es un modo de \
                mirar una red; solo la regla que hizo las aristas dice si son coordinación.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "A directory that `feed detect` wrote.",
            es: "Un directorio que escribió `feed detect`."
        ).help,
        completion: .directory
    )
    var directory: String

    @Option(
        help: Text(
            en: "Resolution of modularity: the greater, the smaller the communities.",
            es: "Resolución de la modularidad: a mayor, comunidades menores."
        ).help
    )
    var resolution = 1.0

    @Option(
        help: Text(
            en: "Accounts that a community needs.",
            es: "Cuentas que una comunidad necesita."
        ).help
    )
    var minAccounts = 3

    @Option(
        help: Text(
            en: "The most weights that are tried, 1 to 1000.",
            es: "Los pesos que se prueban a lo más, de 1 a 1000."
        ).help
    )
    var steps = 50

    @Option(
        help: Text(
            en: "Seed of the order in which accounts are visited.",
            es: "Semilla del orden en que se visitan las cuentas."
        ).help
    )
    var seed: UInt64 = 0

    @Option(
        help: Text(en: "Directory for the tables.", es: "Directorio para las tablas.").help,
        completion: .directory
    )
    var output: String?

    func run(in context: Context) throws -> Outcome {
        guard resolution >= 0.001, resolution <= 1000, minAccounts >= 2, 1...1000 ~= steps else {
            throw Failure(
                .usage,
                Text(
                    en: "--resolution is from 0.001 to 1000, --min-accounts at least 2, --steps "
                        + "from 1 to 1000",
                    es: "--resolution va de 0.001 a 1000, --min-accounts es al menos 2, --steps va "
                        + "de 1 a 1000"
                )
            )
        }
        let run = try FindingsRun(directory)
        let name = run.has("edges_directed.csv") ? "edges_directed.csv" : "edges.csv"
        let path = "\(directory)/\(name)"
        let bytes = try FeedFiles.read(path, byteCountMax: EdgeTable.byteCountMax)
        let table = try FeedFileFailure.naming(path) { try EdgeTable(bytes) }
        var rule = CoordinationSweep.Rule()
        (rule.resolution, rule.accountCountMin) = (resolution, minAccounts)
        (rule.stepCountMax, rule.seed) = (steps, seed)
        let sweep = CoordinationSweep(of: table, by: rule)
        let tables = CommunityTables(table, sweep)
        var members = tables.json
        members["command"] = .string(command)
        members["data"] = [
            "edges": .string(Hex.encode(SHA256.hash(bytes))), "provenance": .string(run.digest),
        ]
        members["rule"] = [
            "edgesBy": .string(run.rule), "minAccounts": .integer(Int64(minAccounts)),
            "name": "communities", "resolution": .string("\(resolution)"),
            "seed": .string("\(seed)"), "steps": .integer(Int64(steps)), "version": 1,
        ]
        let json = JSONValue.object(members)
        if let output {
            try FeedFiles.makeDirectory(output)
            let files = [
                "communities.csv": tables.accounts, "lives.csv": tables.lives,
                "sweep.csv": tables.steps,
                "sweep.json": json.canonicalBytes + [UInt8(ascii: "\n")],
            ]
            try FeedFiles.write(files, to: output)
            try FeedProvenance.write(json, of: Set(files.keys), to: output)
        }
        return Outcome(json: json, lines: lines(table, sweep, context.language))
    }

    /// The line that makes the files again.
    private var command: String {
        let words = [
            "resguardo", "feed", "communities", FeedProvenance.name(of: directory),
            "--resolution", "\(resolution)", "--min-accounts", "\(minAccounts)",
            "--steps", "\(steps)", "--seed", "\(seed)", "--output", "communities",
        ]
        return words.joined(separator: " ")
    }

    private func lines(
        _ table: EdgeTable,
        _ sweep: CoordinationSweep,
        _ language: Language
    ) -> [String] {
        guard !sweep.steps.isEmpty else {
            return [Text(en: "the network has no edges", es: "la red no tiene aristas")[language]]
        }
        let head = Text(
            en: "\(table.accounts.count) accounts, \(table.edges.count) edges",
            es: "\(table.accounts.count) cuentas, \(table.edges.count) aristas"
        )
        let stride = max(1, (sweep.steps.count + 9) / 10)
        let rows = sweep.steps.indices.filter { $0 % stride == 0 }.map { index in
            let step = sweep.steps[index]
            let weight = CommunityTables.text(step.threshold)
            let modularity = FeedReport.number(max(0, step.modularity), digits: 3)
            return Text(
                en: "  weight \(weight) and more: \(step.communityCount) communities of "
                    + "\(step.groupedCount) accounts, \(step.edgeCount) edges, modularity "
                    + modularity,
                es: "  peso \(weight) y más: \(step.communityCount) comunidades de "
                    + "\(step.groupedCount) cuentas, \(step.edgeCount) aristas, modularidad "
                    + modularity
            )[language]
        }
        return [head[language]] + rows
    }
}
