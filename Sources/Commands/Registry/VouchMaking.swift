// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Statements

/// Makes a vouch, for the commands that vouch and renew.
struct VouchMaking {
    let desk: RegistryDesk
    let state: RegistryState
    let subject: Subject
    let isNamed: Bool
    let secretFile: String?
    let delay: SealedDelayOptions
    let keys: RegistryKeyOptions

    /// Makes it and hands it in.
    ///
    /// - Parameters:
    ///   - accounts: Commitments.
    ///   - quarter: For which quarter.
    /// - Returns: What became of it.
    /// - Throws: `.notAllowed` without a ring key that it needs, and as ``RegistryDesk`` does.
    func make(for accounts: Set<RegistryID>, in quarter: RegistryEpoch) throws -> Outcome {
        let names = try desk.keys.choose(keys.key)
        let (verifier, constituency) = try desk.constituency(state, names)
        let own = isNamed ? state.rings.ownRing(of: verifier.key.id, quarter) : nil
        let needsSeal = !isNamed || own != nil
        guard let secret = needsSeal ? secretFile : "" else { throw missingSecret(quarter) }
        let statement = VouchStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            accounts: accounts.sorted().map(\.bytes),
            epoch: quarter,
            verifier: isNamed ? verifier.key.id.bytes : nil,
            seal: needsSeal ? .blank(constituency) : nil
        )
        let envelope =
            needsSeal
            ? try desk.seal(
                statement,
                state,
                secretFile: secret,
                in: own,
                names: isNamed ? names : []
            )
            : try desk.sign(statement, with: names)
        if !isNamed, keys.output == nil { SealedDelay.wait(delay, desk.context) }
        let place = try desk.submit(envelope, output: keys.output)
        let until = end(statement, state)
        let told =
            isNamed
            ? Text(
                en: "everybody will see that your organisation vouches, until \(until)",
                es: "todo el mundo verá que su organización avala, hasta \(until)"
            )
            : Text(
                en: "everybody will see that somebody of “\(constituency)” vouches, until \(until)",
                es: "todo el mundo verá que alguien de «\(constituency)» avala, hasta \(until)"
            )
        return try desk.outcome(
            envelope,
            place,
            ["epoch": .string(statement.epoch.name), "subject": .string(subject.id.hex)],
            lines: [told[desk.context.language]]
        )
    }

    private func missingSecret(_ epoch: RegistryEpoch) -> Failure {
        Failure(
            .notAllowed,
            Text(
                en: "vouching needs the ring key of \(epoch.name): give --secret",
                es: "para avalar hace falta la llave de anillo de \(epoch.name): indique --secret"
            ),
            hint: Text(
                en: "`registry ring new` makes one; --named vouches in the open, if that is safe"
                    + " for you",
                es: "`registry ring new` crea una; --named avala en público, si eso es seguro para"
                    + " usted"
            )
        )
    }

    private func end(_ statement: VouchStatement, _ state: RegistryState) -> String {
        let grace = Int64(state.charter?.rules.graceDays ?? 0) * RegistryHead.daySeconds
        return RegistryText.date(statement.epoch.end + grace)
    }
}
