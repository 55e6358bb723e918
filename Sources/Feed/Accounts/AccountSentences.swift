// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What can be said of an account, in sentences: what was seen, what chance would give, how sure.
///
/// Spec: `docs/spec/account-signals.md`, section 7.
struct AccountSentences {
    let analysis: AccountAnalysis

    /// The same in both languages.
    struct Said: Equatable {
        var en: [String] = []
        var es: [String] = []

        fileprivate mutating func add(en: String, es: String) {
            self.en.append(en)
            self.es.append(es)
        }
    }

    /// Of each signal of an account one.
    func said(of account: AccountAnalysis.Account) -> Said {
        var said = Said()
        addLife(account, &said)
        addDeletions(account, &said)
        addCrowd(account, &said)
        addFamily(account, &said)
        addDependency(account, &said)
        if account.profile.isAutomated == true, !said.en.isEmpty {
            said.add(
                en: "It says of itself that a program posts.",
                es: "Dice de sí misma que publica un programa."
            )
        }
        return said
    }

    private func addLife(_ account: AccountAnalysis.Account, _ said: inout Said) {
        guard account.isBurner, let life = account.life else { return }
        let (age, quiet) = (Self.span(life.age), Self.span(life.quiet))
        said.add(
            en:
                "\(account.postCount) posts, the last \(age) after it was made, and silence for "
                + "the \(quiet) since; \(life.asYoung) of the \(life.before) accounts made by then "
                + "were as young (\(Self.chance(life.probability))).",
            es: "\(account.postCount) publicaciones, la última \(age) tras su creación, y silencio "
                + "en los \(quiet) siguientes; \(life.asYoung) de las \(life.before) cuentas "
                + "creadas hasta entonces eran tan nuevas (\(Self.chance(life.probability)))."
        )
    }

    private func addDeletions(_ account: AccountAnalysis.Account, _ said: inout Said) {
        guard account.isDeleter, let gone = account.deletions else { return }
        let (expected, chance) = (Self.tenths(gone.expected), Self.chance(gone.probability))
        said.add(
            en: "\(gone.count) of \(account.postCount) posts were gone within an hour, where "
                + "\(expected) would be at everybody else's rate (\(chance)).",
            es: "\(gone.count) de \(account.postCount) publicaciones desaparecieron en una hora, "
                + "cuando serían \(expected) al ritmo de las demás cuentas (\(chance))."
        )
    }

    private func addCrowd(_ account: AccountAnalysis.Account, _ said: inout Said) {
        guard let place = account.crowd else { return }
        let crowd = analysis.crowds[place]
        let width = Self.span(analysis.rule.crowdSeconds)
        let (expected, chance) = (Self.tenths(crowd.expected + 1), Self.chance(crowd.probability))
        said.add(
            en: "One of \(crowd.accountCount) accounts made one after the other, "
                + "\(crowd.peakCount) of them within \(width), where the time around it has "
                + "\(expected) (\(chance)).",
            es: "Una de \(crowd.accountCount) cuentas creadas seguidas, \(crowd.peakCount) de "
                + "ellas en \(width), cuando en las fechas cercanas hay \(expected) (\(chance))."
        )
    }

    private func addFamily(_ account: AccountAnalysis.Account, _ said: inout Said) {
        guard let place = account.family, analysis.families[place].isTogether else { return }
        let family = analysis.families[place]
        let width = Self.span(analysis.rule.crowdSeconds)
        said.add(
            en: "One of \(family.accounts.count) accounts called \(family.template), "
                + "\(family.togetherCount) of them made within \(width); by lot so many would be "
                + "with \(Self.chance(family.probability)).",
            es: "Una de \(family.accounts.count) cuentas llamadas \(family.template), "
                + "\(family.togetherCount) de ellas creadas en \(width); a suerte lo serían tantas "
                + "con \(Self.chance(family.probability))."
        )
    }

    private func addDependency(_ account: AccountAnalysis.Account, _ said: inout Said) {
        guard let place = account.dependency, analysis.dependencies[place].isDeclared else {
            return
        }
        let found = analysis.dependencies[place]
        let count = found.repostCount + found.copyCount
        let name = analysis.sources[found.source].name
        let (expected, chance) = (Self.tenths(found.expected), Self.chance(found.probability))
        var (en, es) = ("", "")
        if let lag = found.lag {
            let span = Self.span(lag)
            (en, es) = (", half of them within \(span)", ", la mitad en \(span)")
        }
        said.add(
            en: "\(count) of \(found.postCount) posts come from \(name)\(en), where its popularity "
                + "gives \(expected) (\(chance)).",
            es: "\(count) de \(found.postCount) publicaciones vienen de \(name)\(es), cuando su "
                + "popularidad da \(expected) (\(chance))."
        )
    }

    /// Seconds, hours or days, whole ones.
    static func span(_ seconds: Int64) -> String {
        if seconds < 3600 { return "\(seconds) s" }
        return seconds < 172_800 ? "\(seconds / 3600) h" : "\(seconds / 86_400) d"
    }

    /// With one digit after the point.
    static func tenths(_ number: Double) -> String {
        let tenths = Int64(min(1e15, number * 10 + 0.5))
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static let bounds = [
        1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12,
    ]

    /// The least power of ten that a probability does not exceed.
    static func chance(_ probability: Double) -> String {
        let power = bounds.count { probability <= $0 }
        return power == 0 ? "p ≤ 1" : "p ≤ 1e-\(power)"
    }
}
