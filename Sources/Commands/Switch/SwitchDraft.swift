// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Statements
import Switch
import TransparencyLog
import Vault

/// A switch that its owner has begun and not armed: it protects nothing.
struct SwitchDraft {
    private let name: String
    private let id: SwitchID
    private let invitedAt: Int64

    /// What a home has begun in these places, of what is not among the armed.
    static func all(
        in home: Home,
        at places: [any SwitchPlace],
        armed: Set<SwitchID>
    ) throws -> [SwitchDraft] {
        let names = Dictionary(
            try home.cases().map { ($0.pseudonym, $0.name) },
            uniquingKeysWith: { first, _ in first }
        )
        // What was begun elsewhere may be armed there.
        let known = try Set(
            places.map { try LogPolicy(parsing: Array($0.policyText.utf8)).origins }
        )
        return try OwnerKeys.all(in: home).filter { !armed.contains($0.id) }.compactMap { keys in
            let asked = try keys.invitation.read(SwitchInvitation.self)
            guard known.contains(asked.origins) else { return nil }
            return SwitchDraft(
                name: names[keys.pseudonym] ?? Hex.encode(keys.pseudonym),
                id: keys.id,
                invitedAt: asked.time
            )
        }
    }

    /// The one that a person means among what a home has begun; the only one where nothing was
    /// named.
    static func find(
        _ name: String?,
        in home: Home,
        armed: Set<SwitchID>,
        _ context: Context
    ) throws -> SwitchDraft? {
        let places: [any SwitchPlace]
        if let exchange = context.exchange {
            places = [try Exchange.open(exchange)]
        } else {
            // Who is on no nodes has begun nothing on them.
            places = (try? context.places(of: home)) ?? []
        }
        let drafts = try all(in: home, at: places, armed: armed)
        guard let name else { return drafts.count == 1 ? drafts.first : nil }
        return drafts.first { draft in
            draft.name == name
                || name.utf8.count >= SwitchName.digitCount && draft.id.text.hasPrefix(name)
        }
    }

    /// What is to be said to an owner who takes it for armed.
    var refusal: Failure {
        Failure(
            .notAllowed,
            Text(
                en: "“\(name)” has been begun, and is not armed: NOT PROTECTED",
                es: "«\(name)» está empezado, y no armado: SIN PROTECCIÓN"
            ),
            hint: missing
        )
    }

    /// What is missing, and who has to act.
    private var missing: Text {
        let least = SwitchTerms.trusteeCountMin
        return Text(
            en: "missing: \(least) trustees or more run “trustee accept”, successors run"
                + " “successor init”, then you: switch arm \(name) --trustee …"
                + " --successor …",
            es: "falta: \(least) custodios o más ejecutan «trustee accept», sucesoras"
                + " «successor init», y luego usted: switch arm \(name) --trustee …"
                + " --successor …"
        )
    }

    var json: JSONValue {
        [
            "switch": .string(id.text), "case": .string(name),
            "state": .string(SwitchState.draft.rawValue), "protected": false,
            "since": .string(Timestamp(seconds: invitedAt).rfc3339),
            "missing": ["trustees", "successors", "arming"],
        ]
    }

    var lines: [String] {
        let invited = Timestamp(seconds: invitedAt).minutes
        return [
            "\(SwitchName.short(id))  \(SwitchDescription.word(.draft).local): \(name)",
            "  "
                + Text(
                    en: "invited \(invited); not armed here",
                    es: "invitación del \(invited); no está armado aquí"
                ).local,
            "  " + missing.local,
        ]
    }
}
