// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension DesignateNetworkStatement: RegistryStatement {
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.8.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = self.network.map { RegistryID($0) } ?? entry.digest
        if self.network != nil, state.networks[id] == nil { throw .unknownNetwork }
        if let splitFrom, state.networks[RegistryID(splitFrom)] == nil { throw .unknownNetwork }
        // What was signed before the state.council changed its mind does not change it back.
        if let day = state.networks[id]?.withdrawnOn, self.head.date <= day { throw .withdrawn }
        guard self.until > state.clock else { throw .wrongDate }
        let verdict = TwoPartTest(of: self)
        guard let rule = verdict.rule else { throw .testNotMet }
        try state.requireCouncil(charter.designateQuorum, entry)
        let designation = Network.Designation(
            statement: self,
            verdict: verdict,
            rule: rule,
            span: state.clock..<self.until
        )
        state.endDesignation(of: id)
        state.networks[id, default: Network(id: id, designations: [])].designations.append(
            designation
        )
    }
}
