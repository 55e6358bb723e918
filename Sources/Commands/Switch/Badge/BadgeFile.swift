// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Server
internal import Statements
internal import Storage
internal import Switch

/// A badge that was checked as any stranger can.
struct BadgeFile {
    let checked: VerifiedBadge

    /// Checks a badge: signature, encodings, and the proof that any k shares give one secret.
    ///
    /// - Throws: `.doesNotVerify`.
    init(_ envelope: Envelope) throws {
        do {
            checked = try VerifiedBadge(envelope)
        } catch {
            throw Failure(
                .doesNotVerify,
                Text(en: "the badge does not verify", es: "el distintivo no se verifica"),
                word: "badge"
            )
        }
    }

    /// The badge in a file, nil where the name is that of no file.
    static func read(_ path: String) throws -> BadgeFile? {
        guard FileStatus.exists(BytePath(path)) else { return nil }
        return try BadgeFile(EnvelopeFile.read(path))
    }

    var envelope: Envelope { checked.envelope }

    /// The first digits of its id, which is not the switch's.
    var shortID: String { checked.shortID }

    /// What it says.
    var sentence: Text {
        let (en, es) = BadgePicture.words(checked)
        return Text(en: en, es: es)
    }

    /// What a checker says, and what nobody can see from a badge.
    var outcome: Outcome { Outcome(json: json, lines: lines) }

    var json: JSONValue {
        [
            "badge": .string(checked.id), "verified": true,
            "trustees": .integer(Int64(checked.trusteeCount)),
            "threshold": .integer(Int64(checked.threshold)),
        ]
    }

    var lines: [String] {
        [
            Text(
                en: "Verified: badge \(shortID).",
                es: "Verificado: distintivo \(shortID)."
            ).local,
            sentence.local,
            Text(
                en: "It does not say who they are, whether the owner is late, or whether it"
                    + " still stands.",
                es: "No dice quiénes son, si la persona va tarde, ni si sigue en pie."
            ).local,
        ]
    }
}
