// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Enclosures
import Encodings
import Feed
import FeedKernels
import Foundation
import Outside
import Storage

/// Starts `spark-submit` with our driver, in a directory that is gone afterwards.
struct SparkRun {
    private static let summaryByteCountMax = 64 << 20

    private let master: String
    private let program: String
    private let stage: String
    private let directory: String

    /// Finds the programs.
    ///
    /// - Throws: `.failed`, with how to install them.
    init(master: String) throws {
        self.master = master
        let folders = Environment.nonEmpty("SPARK_HOME").map { "\($0)/bin:" } ?? ""
        let path = folders + Environment.programPath
        guard let program = ChildProcess.find("spark-submit", in: path) else {
            throw Failure(
                .failed,
                Text(
                    en: "Spark is not installed: there is no “spark-submit”",
                    es: "Spark no está instalado: falta «spark-submit»"
                ),
                hint: Text(
                    en: "scripts/setup --spark installs it into .build/venv/bin, which PATH or "
                        + "SPARK_HOME must name",
                    es: "scripts/setup --spark lo instala en .build/venv/bin, que PATH o "
                        + "SPARK_HOME debe nombrar"
                )
            )
        }
        self.program = program
        let home = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        guard let stage = ChildProcess.find("resguardo-stage", in: home) else {
            throw Failure(
                .failed,
                Text(
                    en: "“resguardo-stage”, which goes to Spark's workers, is not in \(home)",
                    es: "«resguardo-stage», que va a los trabajadores de Spark, no está en \(home)"
                )
            )
        }
        self.stage = stage
        let name = "resguardo-spark-\(UUID().uuidString)"
        directory = FileManager.default.temporaryDirectory.appending(path: name).path
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure(
                .failed,
                Text(
                    en: "\(directory) cannot be made",
                    es: "no se puede crear \(directory)"
                )
            )
        }
    }

    /// Removes the directory.
    func remove() {
        // What is left there is the system's to clear: the result is written or told already.
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Detects.
    ///
    /// - Parameters:
    ///   - input: A local file, or any path that Spark reads.
    ///   - onlyEdges: Whether only edges are wanted, which Spark counts by itself.
    ///   - parameters: Those of the rule.
    /// - Returns: What Spark handed over.
    /// - Throws: A ``Failure``.
    func detect(
        in input: String,
        onlyEdges: Bool,
        parameters: [String: JSONValue]
    ) throws -> SparkDetection {
        var members = parameters
        members["columns"] = .array(ShareHeader.columns.map { .string($0) })
        members["edges"] = .boolean(onlyEdges)
        members["form"] = .string(Self.form(of: input))
        members["input"] = .string(Self.address(of: input))
        members["stage"] = .string(stage)
        try FeedFiles.write(
            [
                "parameters.json": JSONValue.object(members).canonicalBytes,
                "detect.py": Enclosures.sparkDriver,
            ],
            to: directory
        )
        let run = try? ChildProcess.run(
            program,
            [
                "--master", master, "--conf", "spark.ui.enabled=false",
                "\(directory)/detect.py", "\(directory)/parameters.json", directory,
            ],
            in: directory,
            environment: ProcessInfo.processInfo.environment
        )
        guard let run, run.status == 0 else {
            throw try refusal(input) ?? failure(run)
        }
        let isToolkit = parameters["rule"]?.string == "toolkit"
        do {
            return try summary(try lines(onlyEdges, isToolkit))
        } catch is StageError {
            throw unreadable
        } catch is EncodingError {
            throw unreadable
        } catch let error as FeedKernelError {
            throw FeedFileFailure(path: input, error: .input(error))
        }
    }

    /// A file here gets its scheme: a cluster's own file system is the default elsewhere.
    private static func address(of input: String) -> String {
        let isAddress = input.contains(/^[a-zA-Z][a-zA-Z0-9+.-]*:/)
        return isAddress ? input : "file://" + URL(filePath: input).standardizedFileURL.path
    }

    /// What the name says that the file is.
    private static func form(of input: String) -> String {
        var name = input.lowercased()[...]
        while name.hasSuffix("/") || name.hasSuffix("*") { name = name.dropLast() }
        for packed in [".gz", ".bz2", ".zst"] where name.hasSuffix(packed) {
            name = name.dropLast(packed.count)
        }
        if name.hasSuffix(".parquet") { return "parquet" }
        return [".jsonl", ".ndjson", ".json"].contains(where: name.hasSuffix) ? "json" : "csv"
    }

    private var unreadable: Failure {
        Failure(
            .failed,
            Text(
                en: "Spark handed over what cannot be read",
                es: "Spark entregó algo que no se puede leer"
            )
        )
    }

    /// What a stage refused, if that is why Spark ended.
    private func refusal(_ input: String) throws -> (any Error)? {
        guard FileManager.default.fileExists(atPath: "\(directory)/refusal") else { return nil }
        let bytes = try FeedFiles.read("\(directory)/refusal", byteCountMax: 1 << 20)
        switch StageError(line: String(decoding: bytes, as: UTF8.self)) {
        case .csv(let fault, _) where fault.expected == .closingQuote:
            return Failure(
                .failed,
                Text(
                    en: "\(input):\(fault.line):\(fault.column): expected a closing quote",
                    es: "\(input):\(fault.line):\(fault.column): se esperaba una comilla de cierre"
                ),
                hint: Text(
                    en: "Spark reads a record from one line: use --engine local, or Parquet",
                    es: "Spark lee un registro de una línea: use --engine local, o Parquet"
                )
            )
        case .csv(let fault, _): return FeedFileFailure(path: input, error: .input(.csv(fault)))
        case .header(let error): return FeedFileFailure(path: input, error: .input(error))
        case .tooManyPairs(let limit):
            return FeedFileFailure(path: input, error: .input(.tooManyPairs(limit: limit)))
        case .record, .order, .truncated, nil: return unreadable
        }
    }

    /// Why Spark ended, in its own last words.
    private func failure(_ run: ChildProcess.Result?) -> Failure {
        let lines = String(decoding: run?.output ?? [], as: UTF8.self).split(separator: "\n")
        let word = lines.last { $0.contains("Exception") || $0.contains("Error") } ?? lines.last
        let reason = String(word ?? "").prefix(300).filter { $0.isASCII && !$0.isNewline }
        return Failure(
            .failed,
            Text(en: "Spark failed: \(reason)", es: "Spark falló: \(reason)")
        )
    }

    /// Takes the lines of the result, piece by piece.
    private func gathered<Work: Stage>(_ work: Work) throws -> Work {
        let path = "\(directory)/rows"
        let pieces = try FeedFiles.mapped(path) {
            let file = try LocalFileSystem().open(path)
            return (file, try file.count())
        }
        var pipe = StagePipe(work)
        var offset: UInt64 = 0
        while offset < pieces.1 {
            let count = Int(min(8 << 20, pieces.1 - offset))
            let piece = try FeedFiles.mapped(path) { try pieces.0.read(at: offset, count: count) }
            _ = try pipe.append(piece[...])
            offset += UInt64(piece.count)
        }
        return try pipe.finish()
    }

    private func lines(_ onlyEdges: Bool, _ isToolkit: Bool) throws -> SparkDetection.Lines {
        if onlyEdges {
            let kind = isToolkit ? GatheredEdges.Kind.toolkit : .coShare
            let (shares, edges) = try gathered(GatheredEdges(kind)).table()
            return .edges(shares, edges)
        }
        let (shares, isParticipating) = try gathered(GatheredShares()).table()
        return .shares(shares, isParticipating: isParticipating)
    }

    private func summary(_ lines: SparkDetection.Lines) throws -> SparkDetection {
        let path = "\(directory)/summary.json"
        let bytes = try FeedFiles.read(path, byteCountMax: Self.summaryByteCountMax)
        let json = try JSONValue(parsing: bytes)
        guard let shareCount = json["shares"]?.integer, let skipped = json["skipped"]?.integer,
            let digests = json["digests"]?.array?.compactMap(\.string)
        else { throw unreadable }
        return SparkDetection(
            lines: lines,
            shareCount: Int(shareCount),
            skippedCount: Int(skipped),
            digests: digests
        )
    }
}
