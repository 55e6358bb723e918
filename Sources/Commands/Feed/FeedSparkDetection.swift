// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Feed
import FeedKernels

/// `resguardo feed detect --engine spark`.
extension FeedDetectCommand {
    /// Refuses what Spark does not do, before any work.
    func checkEngine() throws {
        guard engine == .spark else {
            guard master == nil else {
                throw refusal(
                    en: "--master needs --engine spark",
                    es: "--master necesita --engine spark"
                )
            }
            return
        }
        guard master != nil else {
            throw refusal(
                en: "--engine spark needs --master, such as local[2] or spark://HOST:7077",
                es: "--engine spark necesita --master, como local[2] o spark://HOST:7077"
            )
        }
        guard rule != .tfidf else {
            throw refusal(
                en: "the rule “tfidf” is for --engine local",
                es: "la regla «tfidf» es para --engine local"
            )
        }
        guard rule != .resguardo else {
            throw refusal(
                en: "the rule “resguardo” measures chance over all shares at once, which Spark "
                    + "does not: use --engine local, or another rule",
                es: "la regla «resguardo» mide el azar sobre todas las difusiones a la vez, lo "
                    + "que Spark no hace: use --engine local, u otra regla"
            )
        }
        guard format.names.isEmpty else {
            throw refusal(
                en: "--format tells of all shares of an account, and Spark hands over only those "
                    + "with pairs: leave it out, or use --engine local",
                es: "--format habla de todas las difusiones de una cuenta, y Spark entrega solo "
                    + "las que tienen pares: omítalo, o use --engine local"
            )
        }
        guard fast == nil else {
            throw refusal(
                en: "--fast is for --engine local",
                es: "--fast es para --engine local"
            )
        }
        guard allow == nil else {
            throw refusal(
                en: "--allow is for --engine local: take the shares out of the files before",
                es: "--allow es para --engine local: quite antes las difusiones de los archivos"
            )
        }
        guard by.list == [.object] else {
            throw refusal(
                en: "--by is for datasets, which Spark does not read",
                es: "--by es para conjuntos de datos, que Spark no lee"
            )
        }
    }

    private func refusal(en: String, es: String) -> Failure {
        Failure(.usage, Text(en: en, es: es))
    }

    /// Runs Spark, if it is to do the work.
    func sparkDetection(_ context: Context) throws -> SparkDetection? {
        guard engine == .spark, let master else { return nil }
        // Parameters out of range are refused before anything is started.
        try FeedFileFailure.naming(input) {
            _ = try CoShareRule(
                windowSeconds: windowSeconds,
                minimumParticipation: participation,
                edgeWeightQuantile: edgeWeight ?? 0.5
            )
            _ = try ToolkitRule(windowSeconds: windowSeconds, minimumWeight: minWeight)
        }
        // What is not here may be where Spark finds it.
        guard (try? FeedInput(input).isDatabase()) != true else {
            throw refusal(
                en: "Spark reads tables of shares, not datasets: give it the file itself",
                es: "Spark lee tablas de difusiones, no conjuntos de datos: dele el archivo mismo"
            )
        }
        let run = try SparkRun(master: master)
        defer { run.remove() }
        let detection = try run.detect(
            in: input,
            onlyEdges: edgesOnly,
            parameters: [
                "lenient": .boolean(lenient),
                "participation": .integer(Int64(participation)),
                "rule": .string(rule.rawValue),
                "weight": .integer(Int64(minWeight)),
                "window": .integer(windowSeconds),
            ]
        )
        ShareSource.noteSkipped(detection.skippedCount, context)
        return detection
    }
}

/// What Spark handed over.
struct SparkDetection {
    /// The lines.
    enum Lines {
        case shares(ShareTable, isParticipating: [Bool])
        case edges(ShareTable, [CoShareEdge])
    }

    let lines: Lines
    let shareCount: Int
    let skippedCount: Int
    let digests: [String]

    private func input(_ shares: ShareTable) -> ShareInput {
        ShareInput(
            gathered: shares,
            of: shareCount,
            skippedCount: skippedCount,
            digests: digests
        )
    }

    /// Makes CooRTweet's tables of it.
    func detection(by rule: CoShareRule) throws(FeedKernelError) -> CoShareDetection {
        switch lines {
        case .shares(let shares, let isParticipating):
            try CoShareDetection(
                inGathered: input(shares),
                isParticipating: isParticipating,
                by: rule,
                cores: .allCores
            )
        case .edges(let shares, let edges):
            CoShareDetection(counted: edges, in: input(shares), by: rule, cores: .allCores)
        }
    }

    /// Makes the toolkit's table of it.
    func detection(by rule: ToolkitRule) throws(FeedKernelError) -> ToolkitDetection {
        switch lines {
        case .shares(let shares, _):
            try ToolkitDetection(in: input(shares), of: .object, by: rule, cores: .allCores)
        case .edges(let shares, let edges):
            ToolkitDetection(counted: edges, in: input(shares), by: rule)
        }
    }
}
