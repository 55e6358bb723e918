// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What can be said of an account that is near, in a sentence or two: what it shares, and with whom
/// else; never what it is.
///
/// Spec: `docs/spec/around.md`, section 6.
struct AroundSentences {
    let analysis: AroundAnalysis

    /// The longest name of an object in a sentence, in Unicode scalars.
    private static let nameCountMax = 60

    /// What is said of an account, in English and Spanish; nothing if it is not near.
    func said(of account: AroundAnalysis.Account) -> (en: String, es: String) {
        guard let near = account.near, let first = near.evidence.first else { return ("", "") }
        let total = analysis.startCount
        let layers = zip(analysis.rule.layers, near.direct).filter { $0.1 > 0 }
            .map { "\($0.0.rawValue) \($0.1)" }.joined(separator: ", ")
        let count = near.direct.reduce(0, +)
        let confidence = Self.thousandths(near.confidence)
        let (layer, name) = (analysis.rule.layers[first.layer].rawValue, Self.short(first.object))
        let (known, all) = (first.known.count, first.accountCount)
        let (things, cosas) = count == 1 ? ("thing", "cosa") : ("things", "cosas")
        var en = "Shares \(count) \(things) with \(near.knownCount) of the \(total) known accounts"
        var es =
            "Comparte \(count) \(cosas) con \(near.knownCount) de las \(total) cuentas conocidas"
        if count == 0 {
            en = "Shares nothing with the \(total) known accounts themselves, but with accounts "
            en += "that share with them"
            es = "No comparte nada con las \(total) cuentas conocidas mismas, pero sí con cuentas "
            es += "que comparten con ellas"
        } else {
            en += " (\(layers))"
            es += " (\(layers))"
        }
        en += "; what brings it nearest is \(layer) \(name), which \(known) of them share and "
        en += "\(all) accounts in all. Confidence \(confidence) that this is more than chance; it "
        en += "does not say who the account is, or that it acts for anybody."
        es +=
            "; lo que más la acerca es \(layer) \(name), que comparten \(known) de "
        es += "ellas y \(all) cuentas en total. Confianza \(confidence) en que es más que azar; no "
        es += "dice quién es la cuenta ni que actúe por nadie."
        return (en, es)
    }

    /// With three digits after the point.
    static func thousandths(_ number: Double) -> String {
        let value = Int(number * 1000)
        let digits = String(value % 1000)
        return "\(value / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static func short(_ name: String) -> String {
        let scalars = name.unicodeScalars
        guard scalars.count > nameCountMax else { return "«\(name)»" }
        return "«\(String(String.UnicodeScalarView(scalars.prefix(nameCountMax))))…»"
    }
}
