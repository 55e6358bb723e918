// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TransparencyLog

/// The steps of a conversation with a witness, by the specification's codes.
@Suite struct WitnessVectorTests {
    @Test func everyStepIsDecidedAsTheSpecificationSays() throws {
        guard let folder = TlogVectors.folder("interop-tlog") else { return }
        let file = folder.appending(path: "witness-add-checkpoint.json")
        let vectors = try JSONDecoder().decode(WitnessVectors.self, from: Data(contentsOf: file))
        let rules = WitnessRules(logs: [try NoteVerifier(parsing: vectors.log_vkey)])
        var kept = WitnessRules.State.unseen
        for step in vectors.steps {
            var state = step.fresh_witness ? .unseen : kept
            #expect(status(step.request, rules, &state) == step.spec_status, "\(step.name)")
            if !step.fresh_witness { kept = state }
        }
        #expect(vectors.steps.count == 20)
        #expect(kept.size == 300)
    }

    private func status(
        _ text: String,
        _ rules: WitnessRules,
        _ state: inout WitnessRules.State
    ) -> Int {
        do {
            let request = try WitnessRequest(parsing: Array(text.utf8))
            #expect(request.encoded == Array(text.utf8))
            let claim = try rules.claim(of: request)
            state = try rules.decide(claim, request, state: state)
            return 200
        } catch let refusal as WitnessRules.Refusal {
            return refusal.status
        } catch {
            return 400
        }
    }
}

/// `witness-add-checkpoint.json`.
struct WitnessVectors: Decodable {
    struct Step: Decodable {
        let name: String
        let fresh_witness: Bool
        let request: String
        let spec_status: Int
    }

    let log_vkey: String
    let steps: [Step]
}
