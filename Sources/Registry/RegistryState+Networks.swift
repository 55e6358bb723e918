// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

extension RegistryState {
    /// Spec: `docs/spec/registry.md`, section 3.8.
    mutating func admit(
        _ statement: DesignateNetworkStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = statement.network.map { RegistryID($0) } ?? entry.digest
        if statement.network != nil, networks[id] == nil { throw .unknownNetwork }
        // What was signed before the council changed its mind does not change it back.
        if let day = networks[id]?.withdrawnOn, statement.head.date <= day { throw .withdrawn }
        guard statement.until > clock else { throw .wrongDate }
        let verdict = TwoPartTest(of: statement)
        guard let rule = verdict.rule else { throw .testNotMet }
        try requireCouncil(charter.designateQuorum, entry)
        let designation = Network.Designation(
            statement: statement,
            verdict: verdict,
            rule: rule,
            span: clock..<statement.until
        )
        endDesignation(of: id)
        networks[id, default: Network(id: id, designations: [])].designations.append(designation)
    }

    /// Spec: `docs/spec/registry.md`, section 3.8.
    mutating func admit(
        _ statement: WithdrawDesignationStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(statement.network)
        guard networks[id] != nil else { throw .unknownNetwork }
        try requireCouncil(charter.designateQuorum, entry)
        endDesignation(of: id)
        let earlier = networks[id]?.withdrawnOn ?? 0
        networks[id]?.withdrawnOn = max(earlier, statement.head.date)
    }

    /// Spec: `docs/spec/registry.md`, section 3.9.
    mutating func admit(
        _ statement: CorrectStatement,
        _ entry: RegistryEntry
    ) throws(Refusal) {
        guard let signer = verifiers[RegistryID(statement.verifier)],
            signer.isActive(at: clock)
        else { throw .unknownVerifier }
        guard signer.kind == .factChecker else { throw .notFactChecker }
        guard entry.isSigned(by: signer.key) else { throw .notSigned }
        guard statement.until > clock else { throw .wrongDate }
        corrections.append(
            Correction(
                statement: statement,
                verifier: signer.key.id,
                span: clock..<statement.until
            )
        )
    }

    /// A renewal or a withdrawal ends what held until today.
    private mutating func endDesignation(of id: RegistryID) {
        guard var network = networks[id], let last = network.designations.last,
            last.span.contains(clock)
        else { return }
        network.designations.removeLast()
        if last.span.lowerBound < clock {
            network.designations.append(last.ending(at: clock))
        }
        networks[id] = network
    }
}
