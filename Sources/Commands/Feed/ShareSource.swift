// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed

/// Where shares are read from: a dataset, or a CSV file of them.
struct ShareSource {
    let path: String
    /// What of a dataset.
    let layer: ShareLayer
    /// The list of what may be shared together.
    let allow: String?
    /// Whether malformed records are skipped and counted.
    let isLenient: Bool

    /// The shares.
    ///
    /// - Throws: A ``Failure``, or what is wrong with a file.
    func read(_ context: Context) throws -> ShareInput {
        guard let allow else { return try readAll(context) }
        let bytes = try FeedFiles.read(allow, byteCountMax: AllowList.byteCountMax)
        let list = try FeedFileFailure.naming(allow) { try AllowList(csv: bytes) }
        let input = try ShareInput(readAll(context), without: list)
        let count = input.allowed?.shareCount ?? 0
        context.console.note(
            Text(
                en: "\(count) shares left out: \(allow) allows them",
                es: "\(count) difusiones sin contar: \(allow) las permite"
            )
        )
        return input
    }

    private func readAll(_ context: Context) throws -> ShareInput {
        let file = try FeedInput(path)
        guard try !file.isDatabase() else {
            return try ShareInput(dataset: try Dataset(path: path, isCreated: false), of: layer)
        }
        guard layer == .object else {
            throw Failure(
                .usage,
                Text(
                    en: "--by is for datasets: `feed import` makes one of a file",
                    es: "--by es para conjuntos de datos: `feed import` hace uno de un archivo"
                )
            )
        }
        let progress = context.console.progress(
            Text(en: "Reading", es: "Leyendo"),
            total: Int64(file.byteCount)
        )
        defer { progress.finish() }
        let shares = try ShareInput(
            csv: try file.source(progress),
            byteCount: file.byteCount,
            isLenient: isLenient,
            cores: .allCores
        )
        Self.noteSkipped(shares.skippedCount, context)
        return shares
    }

    /// Tells how many records were skipped, if any were.
    static func noteSkipped(_ count: Int, _ context: Context) {
        guard count > 0 else { return }
        context.console.note(
            Text(
                en: "\(count) malformed records skipped",
                es: "\(count) registros mal formados omitidos"
            )
        )
    }
}
