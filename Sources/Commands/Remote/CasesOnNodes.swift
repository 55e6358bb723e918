// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Vault

/// Which cases on which nodes a command is about: all, unless some are named.
struct CasesOnNodes: ParsableArguments {
    @Argument(
        help: Text(
            en: "Names or pseudonyms of cases (default: all).",
            es: "Nombres o seudónimos de casos (si faltan: todos)."
        ).help
    )
    var caseName: [String] = []

    @Option(
        help: Text(
            en: "A node (default: all; repeatable).",
            es: "Un nodo (si falta: todos; repetible)."
        ).help
    )
    var remote: [String] = []

    /// What was named.
    ///
    /// - Throws: `.notAllowed` for a node, and errors of the vault for a case, that is not known.
    func find(in home: Home) throws -> (remotes: [Remote], cases: [Case]) {
        let named = try RemoteBook(home.layout).named(remote)
        // A node may have other logs only, and take no deposits.
        let remotes = remote.isEmpty ? named.filter { (try? $0.log()) != nil } : named
        return (
            remotes, try caseName.isEmpty ? home.cases() : caseName.map { try home.findCase($0) }
        )
    }
}
