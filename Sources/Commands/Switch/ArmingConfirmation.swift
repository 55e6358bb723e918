// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Statements
import Switch

/// That what an owner was handed is what a trustee or successor made: both read the fingerprint.
///
/// Spec: `docs/spec/switch.md`, section 3.
struct ArmingConfirmation: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "A fingerprint as a trustee or successor read it to you; once for each.",
                es: "Una huella como se la leyó un custodio o sucesora; una vez por cada una."
            ).local,
            valueName: Text(en: "fingerprint", es: "huella").local
        )
    )
    var heard: [String] = []

    /// Says at once all that is missing, and who has to act.
    ///
    /// - Parameters:
    ///   - trustees: Files that trustees handed in.
    ///   - successors: Cards of successors.
    ///   - isDemo: Nobody has to read anything, unless somebody did.
    /// - Throws: `.notAllowed`; `.doesNotVerify` for a fingerprint of none of the files.
    func check(_ trustees: [String], _ successors: [String], isDemo: Bool) throws {
        let files = try (trustees + successors).map { ($0, Self.digits(try EnvelopeFile.read($0))) }
        let said = Set(heard.map(Self.digits))
        if let stranger = said.subtracting(files.map(\.1)).first {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "none of the files has the fingerprint \(stranger): one was exchanged",
                    es: "ningún archivo tiene la huella \(stranger): alguien cambió uno"
                ),
                hint: Text(
                    en: "ask for that file again, by another way",
                    es: "pida ese archivo de nuevo, por otra vía"
                )
            )
        }
        let asks = !isDemo || !heard.isEmpty
        let unheard = asks ? files.filter { !said.contains($0.1) }.map(\.0) : []
        let gaps = Self.gaps(trustees.count, successors.count, unheard)
        // What is missing alone has a word of its own, further on.
        guard gaps.count > 1 || !unheard.isEmpty else { return }
        throw Failure(
            .notAllowed,
            Text(
                en: "nothing is protected yet; missing: " + gaps.map(\.en).joined(separator: "; "),
                es: "todavía no se protege nada; falta: " + gaps.map(\.es).joined(separator: "; ")
            ),
            hint: unheard.isEmpty
                ? nil
                : Text(
                    en: "have each of them read it to you, by voice or in person, and give --heard",
                    es: "pida a cada quien que se la lea, de viva voz, y use --heard"
                )
        )
    }

    private static func gaps(_ trustees: Int, _ successors: Int, _ unheard: [String]) -> [Text] {
        let few = SwitchTerms.trusteeCountMin - trustees
        var gaps: [Text] = []
        if few > 0 {
            gaps.append(
                Text(
                    en: "\(few) more who run “trustee accept”",
                    es: "\(few) más que ejecuten «trustee accept»"
                )
            )
        }
        if successors == 0 {
            gaps.append(
                Text(
                    en: "a newsroom or colleague who runs “successor init”",
                    es: "una redacción o colega que ejecute «successor init»"
                )
            )
        }
        if !unheard.isEmpty {
            let names = unheard.joined(separator: ", ")
            gaps.append(
                Text(en: "the fingerprints of \(names)", es: "las huellas de \(names)")
            )
        }
        return gaps
    }

    private static func digits(_ envelope: Envelope) -> String {
        digits(Fingerprint.text(envelope))
    }

    private static func digits(_ text: String) -> String {
        text.lowercased().filter { !$0.isWhitespace }
    }
}
