// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

extension RegistryState {
    /// A renewal or a withdrawal ends what held until today.
    mutating func endDesignation(of id: RegistryID) {
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
