// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// What the council decided of sealed statements whose signatures are deleted.
///
/// A decision says what was true long before it stands in the log. Everything in between depended
/// on it: which panels met, whose accounts were lost, which alarms made a suspension. So the log is
/// read once for its decisions, and a second time with them if a signature is missing; each
/// statement then does on its own day what it did when its signature was there.
///
/// Decisions need charters, days and the council's keys alone, none of which a sealed statement
/// changes: two readings are enough.
///
/// Spec: `docs/spec/registry.md`, section 4.2.
package struct SealLedger: Sendable {
    /// The part of the registry that decisions depend on.
    private var state: RegistryState
    /// Everything that was decided, by quarter.
    package private(set) var decisions: [RegistryEpoch: Set<RegistryID>] = [:]
    private var missing: [RegistryEpoch: Set<RegistryID>] = [:]

    package init(origin: String) { state = RegistryState(origin: origin) }

    /// Looks at an entry; all of the log, in order.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - isPast: Whether its signature will be asked for: it stands before the day asked for.
    package mutating func note(_ entry: RegistryEntry, isPast: Bool) {
        guard let statement = entry.statement else { return }
        if isPast, statement.seal != nil, entry.sealBytes == nil,
            let sealed = statement as? any SealableRegistryStatement
        {
            missing[sealed.epoch, default: []].insert(entry.digest)
        }
        switch statement {
        case is CharterStatement, is BatchStatement: state.apply(entry)
        case let decision as DecideSealsStatement:
            guard state.apply(entry) == nil else { return }
            decisions[decision.epoch, default: []]
                .formUnion(decision.statements.map { RegistryID($0) })
        default: break
        }
    }

    /// What the council decided of the quarters in which something counted whose signature is not
    /// here: its word stands for that signature, and for no other.
    package var decided: [RegistryEpoch: Set<RegistryID>] {
        decisions.filter { epoch, counted in
            missing[epoch]?.isDisjoint(with: counted) == false
        }
    }
}
