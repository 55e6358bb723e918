// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry

/// A score, term by term, in a person's words.
struct ScoreReport {
    private let inputs: ScoreInputs
    private let score: Score
    private let language: Language

    init(_ inputs: ScoreInputs, _ language: Language) {
        self.inputs = inputs
        score = Score(inputs)
        self.language = language
    }

    /// The score, what it is made of, and what would change it.
    var lines: [String] {
        let value = Self.share(score.thousandths)
        let head = say(
            "score \(value) of 1: it orders lists and makes no badge",
            "puntaje \(value) de 1: ordena listas y no da distintivo"
        )
        guard score.limit != .state else {
            return [
                head,
                say(
                    "  in this state there is no other score",
                    "  en este estado no hay otro puntaje"
                ),
            ]
        }
        return [head] + terms + limit + outlook
    }

    /// The score as it grows and falls, one reason after the other.
    private var terms: [String] {
        var sum = Score.start
        let start = Self.share(Score.thousandths(ofSum: sum))
        var lines = [
            say(
                "  before anybody vouched it is \(start)",
                "  antes de cualquier aval es de \(start)"
            )
        ]
        func step(_ en: String, _ es: String, by value: Int64) {
            sum += value
            let now = Self.share(Score.thousandths(ofSum: sum))
            lines.append(
                value < 0
                    ? say("  \(en): down to \(now)", "  \(es): baja a \(now)")
                    : say("  \(en): up to \(now)", "  \(es): sube a \(now)")
            )
        }
        for term in score.terms {
            let weight = Self.share(Int(term.weight / 1_000_000))
            let percent = (term.reliability + 5000) / 10_000
            step(
                """
                \(term.constituency): \(term.vouchCount) vouches weigh as much as \(weight) \
                fresh ones, and are right in \(percent) of 100 cases at least
                """,
                """
                \(term.constituency): \(term.vouchCount) avales pesan como \(weight) \
                recientes, y aciertan al menos en \(percent) de 100 casos
                """,
                by: term.value
            )
        }
        let (sound, unsound) = (inputs.soundCount, inputs.unsoundCount)
        if sound + unsound > 0 {
            step(
                "posts that panels read, \(sound) sound and \(unsound) not",
                "publicaciones que leyeron los paneles, \(sound) correctas y \(unsound) no",
                by: score.posts
            )
        }
        if score.penalties > 0 {
            step(
                "disputes that were upheld",
                "disputas que prosperaron",
                by: -score.penalties
            )
        }
        return lines
    }

    private var limit: [String] {
        switch score.limit {
        case .oneConstituency:
            [
                say(
                    "  no more than 0.490, since fewer than two constituencies vouch",
                    "  no más de 0.490, pues avalan menos de dos sectores"
                )
            ]
        case .dispute:
            [
                say(
                    "  no more than that while a dispute is open",
                    "  no más que eso mientras haya una disputa abierta"
                )
            ]
        case .range:
            [
                say(
                    "  kept between 0.020 and 0.950: nobody is sure",
                    "  siempre entre 0.020 y 0.950: nadie está seguro"
                )
            ]
        case .state, nil: []
        }
    }

    /// What one more vouch, or a month without any, would make of it.
    private var outlook: [String] {
        var more = inputs
        more.backings.append(
            ScoreInputs.Backing(constituency: "", ageDays: [0], successes: 0, failures: 0)
        )
        var later = inputs
        later.backings = inputs.backings.map { backing in
            ScoreInputs.Backing(
                constituency: backing.constituency,
                ageDays: backing.ageDays.map { $0 + 30 },
                successes: backing.successes,
                failures: backing.failures
            )
        }
        let next = Self.share(Score(more).thousandths)
        let old = Self.share(Score(later).thousandths)
        return [
            say(
                "  with a vouch of one more constituency: \(next)",
                "  con un aval de un sector más: \(next)"
            ),
            say(
                "  in 30 days without a new one: \(old)",
                "  en 30 días sin uno nuevo: \(old)"
            ),
        ]
    }

    /// Inputs, terms and result, for those who compute it themselves.
    var json: JSONValue {
        var facts: [String: JSONValue] = [
            "backings": .array(
                inputs.backings.map { backing in
                    [
                        "ageDays": .array(backing.ageDays.map { .integer($0) }),
                        "constituency": .string(backing.constituency),
                        "failures": .integer(backing.failures),
                        "successes": .integer(backing.successes),
                    ]
                }
            ),
            "sound": .integer(inputs.soundCount), "state": .string(inputs.state.rawValue),
            "unsound": .integer(inputs.unsoundCount),
            "upheld": .array(inputs.upheld.map { .string($0.rawValue) }),
        ]
        facts["dispute"] = inputs.dispute.map { .string($0.rawValue) }
        var members: [String: JSONValue] = [
            "inputs": .object(facts), "rule": .string(Score.rule), "sum": .integer(score.sum),
            "terms": .array(
                score.terms.map { term in
                    [
                        "constituency": .string(term.constituency),
                        "reliability": .integer(term.reliability),
                        "value": .integer(term.value), "weight": .integer(term.weight),
                    ]
                }
            ),
            "thousandths": .integer(Int64(score.thousandths)),
        ]
        members["limit"] = score.limit.map { .string($0.rawValue) }
        return .object(members)
    }

    private func say(_ en: String, _ es: String) -> String { Text(en: en, es: es)[language] }

    /// `0.620` for 620.
    private static func share(_ thousandths: Int) -> String {
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
