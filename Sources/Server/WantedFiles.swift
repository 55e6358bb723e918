// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Registry
internal import Statements

/// Which files beside the log the statements that wait for an operator name.
///
/// A statement's file name follows from what it says, so what was read once stays true.
struct WantedFiles {
    /// A file by its SHA-256.
    enum File: Hashable {
        case incident([UInt8])
        case list([UInt8])
        case seal([UInt8])
    }

    private var known: [String: File?] = [:]
    private var namesByFile: [File: Set<String>] = [:]

    /// Statements that name a file; some of them may wait no more.
    func names(for file: File) -> Set<String> { namesByFile[file] ?? [] }

    /// Those of `names` that were not read; forgets the ones that are not among them.
    mutating func unknown(of names: [String]) -> [String] {
        let here = Set(names)
        for (name, file) in known where !here.contains(name) {
            known[name] = nil
            guard let file else { continue }
            namesByFile[file]?.remove(name)
            if namesByFile[file]?.isEmpty == true { namesByFile[file] = nil }
        }
        return names.filter { !known.keys.contains($0) }
    }

    /// Remembers what a statement names; what is none names nothing.
    mutating func note(_ name: String, _ envelope: Envelope?) {
        // What is no statement of the registry names nothing.
        let statement = try? envelope?.registryStatement()
        var file: File?
        if let designation = statement as? DesignateNetworkStatement {
            file = .list(designation.accountList)
        } else if let limit = (statement as? ReviewStatement)?.limit {
            file = .list(limit.accountList)
        } else if let incident = statement as? IncidentStatement {
            file = .incident(incident.sealed)
        } else if let seal = statement?.seal {
            file = .seal(seal.signature)
        }
        known.updateValue(file, forKey: name)
        if let file { namesByFile[file, default: []].insert(name) }
    }
}
