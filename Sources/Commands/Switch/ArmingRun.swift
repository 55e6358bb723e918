// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Statements
import Storage
import Switch
import Vault

/// What arming for the first time and arming anew have in common.
struct ArmingRun {
    let options: ArmingOptions
    let item: Case
    /// Whether it goes on, for show, where the case's key is not here.
    ///
    /// Spec: `docs/spec/switch.md`, section 3, *Arming anew by force*.
    var mayStandIn = false
    let draft: OwnerKeys
    let home: Home
    let place: any SwitchPlace
    let context: Context

    /// Arms, tells the trustees, and says what is still missing.
    ///
    /// - Throws: `SwitchError` naming what is missing.
    func run() throws -> SwitchReport {
        var item = item
        if options.recoveryKey.recoveryKeyFile != nil {
            // A write-only case: its switch is armed without its key staying here.
            let key = try context.recoveryKey(options.recoveryKey)
            item = try home.unlocked(item, recoveryKey: key)
        }
        // It is made in any case: whoever counts what this program does counts the same.
        let standIn = try item.standIn()
        let isStandIn = mayStandIn && item.isWriteOnly
        let sealed = isStandIn ? standIn : item
        guard let identity = try sealed.identityText() else {
            throw VaultError.noReadKey(item.name)
        }
        let few = SwitchTerms.trusteeCountDefault
        let count = options.trustee.count
        let k = count < few ? SwitchTerms.thresholdMin : SwitchTerms.thresholdDefault
        try options.confirmation.check(
            options.trustee,
            options.successor,
            isDemo: context.isDemo
        )
        let cards = try options.successor.map { try EnvelopeFile.read($0) }
        try context.refuseExampleKeys(cards.map { try $0.read(SuccessorCard.self).recipient })
        let armer = try SwitchArmer(
            invitation: draft.invitation,
            acceptances: options.trustee.map { try EnvelopeFile.read($0) },
            threshold: options.threshold ?? k,
            successors: cards,
            caseRecipient: item.recipient
        )
        let (senders, words) = (try options.senderKeys(), try options.choice())
        let checkpoint = try context.patiently { try place.refresh(asOf: context.now) }
        let legacy = try CaseLegacy.lines(of: sealed, on: RemoteBook(home.layout).all())
        let armed = try armer.arm(
            caseIdentity: identity,
            isStandIn: isStandIn,
            comment: "case \(item.pseudonymText)",
            legacy: legacy.reveal(),
            policy: place.policyText,
            checkpoint: checkpoint,
            senders: senders,
            words: words,
            owner: draft.key,
            token: home.checkInToken(for: draft.id.bytes)
        )
        // The file first, in two places: an arming that is in the log has its escrow.
        try KeptEscrow.keep(armed.escrow, in: home)
        let epoch = try armed.envelope.read(SwitchArming.self).epoch
        try KeptBadge.keep(armed.badge, of: epoch, in: home)
        try place.store(armed.escrow)
        let receipts = try context.publish([armed.envelope] + armed.briefings, in: place)
        for warning in armed.warnings { context.console.note(Self.text(warning)) }
        return try SwitchReport(draft.id, place, receipts: receipts, context)
    }

    private static func text(_ warning: SwitchArmer.Warning) -> Text {
        switch warning {
        case .successorsTooFew:
            Text(
                en: "warning: name two successors in two countries; one alone can be silenced too",
                es: "aviso: nombre dos sucesores en dos países; a uno solo también pueden callarlo"
            )
        case .blocksEarlyPath(let country):
            Text(
                en: "warning: the trustees in \(country.code) could block an early release",
                es:
                    "aviso: los custodios en \(country.code) podrían bloquear una liberación "
                    + "temprana"
            )
        }
    }
}
