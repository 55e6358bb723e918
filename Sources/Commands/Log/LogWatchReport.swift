// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Storage
import TransparencyLog

extension LogWatch.Report {
    /// The report for people and programs.
    var outcome: Outcome {
        let checkpoint = verified.checkpoint
        var members: [String: JSONValue] = [
            "origin": .string(checkpoint.origin),
            "size": PlumbingLogFiles.number(checkpoint.size),
            "root": .string(checkpoint.root.base64),
            "history": .string(history.word),
            "witnesses": .array(
                verified.cosignatures.map { .string($0.verifier.name.description) }
            ),
        ]
        var lines = [
            Text(
                en: "log \(checkpoint.origin): \(checkpoint.size) entries, \(history.text.en)",
                es: "registro \(checkpoint.origin): \(checkpoint.size) entradas,"
                    + " \(history.text.es)"
            ).local
        ]
        if let fileCount {
            members["files"] = .integer(Int64(fileCount))
            members["entries"] = .boolean(showsEntries)
            lines.append(
                showsEntries
                    ? Text(
                        en: "every tile and every entry is right (\(fileCount) files)",
                        es: "cada pieza y cada entrada es correcta (\(fileCount) archivos)"
                    ).local
                    : Text(
                        en: "every tile is right (\(fileCount) files); entries are not public",
                        es: "cada pieza es correcta (\(fileCount) archivos); las entradas no son"
                            + " públicas"
                    ).local
            )
        }
        for cosignature in verified.cosignatures {
            let time = Timestamp(seconds: cosignature.time).minutes
            lines.append(
                Text(
                    en: "witness \(cosignature.verifier.name) signed on \(time)",
                    es: "el testigo \(cosignature.verifier.name) firmó el \(time)"
                ).local
            )
        }
        return Outcome(json: .object(members), lines: lines)
    }

    private var history: (word: String, text: Text) {
        switch verdict {
        case .extended(let size):
            (
                "extended",
                Text(
                    en: "consistent with the \(size) seen before",
                    es: "coherente con las \(size) vistas antes"
                )
            )
        case .unchanged:
            ("unchanged", Text(en: "as seen before", es: "como se vio antes"))
        default: ("first", Text(en: "seen for the first time", es: "visto por primera vez"))
        }
    }
}
