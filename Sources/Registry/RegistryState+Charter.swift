// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

extension RegistryState {
    /// Spec: `docs/spec/registry.md`, section 3.1.
    mutating func admit(_ next: CharterStatement, _ entry: RegistryEntry) throws(Refusal) {
        guard Self.context(of: next.origin) == context else { throw .otherRegistry }
        guard next.number == (charter?.number ?? 0) + 1 else { throw .wrongCharterNumber }
        if charter != nil { try requireTimely(next.head) }
        for asked in [charter, next].compactMap({ $0 }) {
            let signed = asked.root.filter { entry.isSigned(by: RegistryKey(bytes: $0.key)) }
            guard asked.rootQuorum.isMet(by: signed.map(\.constituency)) else { throw .noQuorum }
        }
        if charter == nil { clock = next.head.date }
        charters.append((since: clock, charter: next))
        council = next.seats.map {
            (key: RegistryKey(bytes: $0.key), constituency: $0.constituency)
        }
    }

    /// Spec: `docs/spec/registry.md`, section 3.3.
    mutating func admit(
        _ statement: AccreditVerifierStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard charter.constituencies.contains(where: { $0.id == statement.constituency }) else {
            throw .unknownConstituency
        }
        guard statement.until > clock else { throw .wrongDate }
        let key = RegistryKey(bytes: statement.key)
        if verifiers[key.id]?.removedAt != nil { throw .removedVerifier }
        guard entry.isSigned(by: key) else { throw .notSigned }
        try requireCouncil(charter.accreditQuorum, entry)
        let term = clock..<statement.until
        var verifier =
            verifiers[key.id]
            ?? Verifier(
                key: key,
                name: statement.name,
                kind: statement.kind,
                constituency: statement.constituency,
                terms: []
            )
        verifier.name = statement.name
        verifier.kind = statement.kind
        verifier.constituency = statement.constituency
        verifier.terms.append(term)
        verifiers[key.id] = verifier
    }

    /// Spec: `docs/spec/registry.md`, section 3.3.
    mutating func admit(
        _ statement: RemoveVerifierStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(statement.verifier)
        guard let verifier = verifiers[id] else { throw .unknownVerifier }
        guard verifier.removedAt == nil else { throw .removedVerifier }
        try requireCouncil(charter.accreditQuorum, entry)
        verifiers[id]?.removedAt = clock
        verifiers[id]?.removalReason = statement.reason
    }
}
