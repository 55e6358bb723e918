// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Statements

extension RandomRegistry {
    /// What `scripts/verify/registry_fold.py --histories` reads: a registry, and how we see it.
    func json(until time: Int64?) -> JSONValue {
        let seals = world.seals.filter { !lost.contains($0.key) }
        let entries = world.log.enumerated().map {
            RegistryEntry(index: Int64($0.offset), bytes: $0.element, seals: { seals[$0] })
        }
        let state = RegistryState(
            origin: World.origin,
            folding: entries,
            asOf: time ?? .max
        )
        var histories: [String: JSONValue] = [:]
        for subject in state.subjects.values {
            for account in subject.accounts {
                let periods = state.history(of: subject.id, account: account)
                histories["\(subject.id.hex) \(account.hex)"] = .array(
                    periods.map { .string(Self.line($0)) }
                )
            }
        }
        var value: [String: JSONValue] = [
            "entries": .array(world.log.map { .string(Base64.encode($0)) }),
            "histories": .object(histories),
            "origin": .string(World.origin),
            "refused": .array(
                state.refused.map { .string("\($0.index) \($0.reason.rawValue)") }
            ),
            "seals": .array(seals.values.map { .string(Base64.encode($0)) }),
        ]
        value["until"] = time.map { .integer($0) }
        return .object(value)
    }

    private static func line(_ period: StandingPeriod) -> String {
        let until = period.until.map { "\($0)" } ?? "-"
        let reason = period.reason?.rawValue ?? "-"
        return "\(period.since) \(until) \(period.state.rawValue) \(period.tier) \(reason)"
    }
}
