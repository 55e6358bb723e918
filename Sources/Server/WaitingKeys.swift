// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Registry
internal import Statements

/// Keys and sources of the statements that wait for an operator, by the statement's file.
///
/// What was read once stays true: a statement's file name follows from what it says.
struct WaitingKeys {
    private struct Newcomers {
        var keys: [RegistryID: RegistryKey] = [:]
        var subject: RegistryID?
    }

    private var known: [String: Newcomers] = [:]

    /// Those of `names` that were not read; forgets the ones that are not among them.
    mutating func unknown(of names: [String]) -> [String] {
        let here = Set(names)
        known = known.filter { here.contains($0.key) }
        return names.filter { known[$0] == nil }
    }

    /// Remembers what a statement brings along.
    mutating func note(_ name: String, _ envelope: Envelope?) {
        var newcomers = Newcomers()
        // What is no statement of the registry brings nothing.
        if let statement = try? envelope?.registryStatement() {
            let keys = RegistryVoices.keys(in: statement).map { ($0.id, $0) }
            newcomers.keys = Dictionary(keys) { first, _ in first }
            newcomers.subject = (statement as? RegisterStatement).map { RegistryID($0.subject) }
        }
        known[name] = newcomers
    }

    func key(_ id: RegistryID) -> RegistryKey? {
        for newcomers in known.values { if let key = newcomers.keys[id] { return key } }
        return nil
    }

    /// Whether a source waits to be registered.
    func has(subject: RegistryID) -> Bool { known.values.contains { $0.subject == subject } }
}
