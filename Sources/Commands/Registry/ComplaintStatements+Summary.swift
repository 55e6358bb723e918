// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension NominateStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(key)
        return switch voice {
        case .for:
            Text(
                en: "the organisation with the key \(name) should vouch, for “\(constituency)”",
                es: "la organización con la llave \(name) debería avalar, por «\(constituency)»"
            )
        case .against:
            Text(
                en: "the organisation with the key \(name) should not vouch",
                es: "la organización con la llave \(name) no debería avalar"
            )
        }
    }
}

extension SuspendVerifierStatement: Summarised {
    package var summary: Text {
        let (name, end) = (RegistryText.short(verifier), RegistryText.date(until))
        let why = RegistryText.reason(reason)
        return Text(
            en: "verifier \(name) is interrupted until \(end): \(why.en)",
            es: "el verificador \(name) se interrumpe hasta \(end): \(why.es)"
        )
    }
}

extension ComplaintStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(target)
        let grade = GradeText.text(grade.rawValue)
        return Text(
            en: "a complaint (\(about.rawValue) \(name)), said to be \(grade.en)",
            es: "una queja (\(about.rawValue) \(name)), se dice \(grade.es)"
        )
    }
}

extension ReviewStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(complaint)
        let (why, grade) = (RegistryText.reason(reason), GradeText.text(grade.rawValue))
        let end = limit.map { RegistryText.date($0.until) }
        let actions = limit?.actions.map(\.rawValue).joined(separator: ", ") ?? ""
        let more = end.map { end in
            Text(
                en: "; until \(end) platforms are asked for \(actions)",
                es: "; hasta \(end) se pide a las plataformas \(actions)"
            )
        }
        return switch outcome {
        case .upheld:
            Text(
                en: "complaint \(name) is upheld as \(grade.en): \(why.en)\(more?.en ?? "")",
                es: "la queja \(name) procede como \(grade.es): \(why.es)\(more?.es ?? "")"
            )
        case .rejected:
            Text(
                en: "complaint \(name) is rejected: \(why.en)",
                es: "la queja \(name) no procede: \(why.es)"
            )
        }
    }
}

extension ContestStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(complaint)
        return Text(
            en: "what a panel decided of complaint \(name) is contested",
            es: "se impugna lo que un panel decidió de la queja \(name)"
        )
    }
}
