// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Escrow
internal import Statements
internal import Storage

/// A badge that was checked as any stranger can.
struct BadgeFile {
    let envelope: Envelope
    let badge: SwitchBadge
    let dealing: BlindDealing

    /// Checks a badge: signature, encodings, and the proof that any k shares give one secret.
    ///
    /// - Throws: `.doesNotVerify`.
    init(_ envelope: Envelope) throws {
        self.envelope = envelope
        do {
            badge = try envelope.read(SwitchBadge.self)
            try envelope.verify(keys: [badge.key])
            dealing = try BlindDealing(bytes: badge.dealing)
            try dealing.verify()
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

    /// The first digits of its id, which is not the switch's.
    var shortID: String { String(Hex.encode(badge.id).prefix(16)) }

    /// What it says.
    var sentence: Text {
        let (n, k) = (dealing.trusteeCount, dealing.threshold)
        return Text(
            en: "Any \(k) of \(n) trustees, with whom it is meant for, can open what this person"
                + " has deposited.",
            es: "\(k) de \(n) custodios cualesquiera, con quien deba recibirlo, pueden abrir lo"
                + " que esta persona depositó."
        )
    }

    /// What a checker says, and what nobody can see from a badge.
    var outcome: Outcome {
        Outcome(
            json: [
                "badge": .string(Hex.encode(badge.id)), "verified": true,
                "trustees": .integer(Int64(dealing.trusteeCount)),
                "threshold": .integer(Int64(dealing.threshold)),
            ],
            lines: [
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
        )
    }
}
