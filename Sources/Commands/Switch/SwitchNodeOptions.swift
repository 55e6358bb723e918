// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Statements
import Storage
import TransparencyLog
import Vault

/// On which nodes a switch is to be.
struct SwitchNodeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "A node that carries the switch; two or more, of different operators.",
                es: "Un nodo que lleve el interruptor; dos o más, de distintos operadores."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var remote: [String] = []

    @Option(
        help: Text(
            en: "The same as a tlog-policy file: logs with URLs, witnesses, quorum.",
            es: "Lo mismo como archivo tlog-policy: registros con URL, testigos, quórum."
        ).help,
        completion: .file()
    )
    var policy: String?

    /// Logs and witnesses as an arming names them.
    ///
    /// - Throws: `.notAllowed` for fewer than two operators, or nobody who witnesses.
    func policyText(_ home: Home) throws -> String {
        let text = try policy.map(Self.read) ?? composed(home)
        let parsed = try LogPolicy(parsing: Array(text.utf8))
        guard text.utf8.count <= SwitchArming.policyCountMax else {
            throw TransparencyLogError.tooLong(limit: SwitchArming.policyCountMax)
        }
        let urls = parsed.logs.compactMap(\.url)
        guard urls.count == parsed.logs.count else {
            throw Failure(
                .usage,
                Text(
                    en: "each log of a switch needs its URL in the policy",
                    es: "cada registro de un interruptor necesita su URL en la política"
                )
            )
        }
        guard Set(urls.map(Self.authority)).count >= 2 else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "a switch needs two nodes of different operators",
                    es: "un interruptor necesita dos nodos de distintos operadores"
                ),
                hint: Text(
                    en: "one alone could hide that you checked in: give --remote twice",
                    es: "uno solo podría ocultar que usted se reportó: indique --remote dos veces"
                )
            )
        }
        guard !parsed.witnesses.isEmpty else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "nobody witnesses these nodes: there is no clock for a switch",
                    es: "nadie atestigua estos nodos: no hay reloj para un interruptor"
                ),
                hint: Text(
                    en: "add the remotes with a policy that names witnesses",
                    es: "agregue los remotos con una política que nombre testigos"
                )
            )
        }
        return text
    }

    private static func read(_ path: String) throws -> String {
        let bytes = try LocalFileSystem().read(path, countMax: LogPolicy.countMax)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Host and port of a URL.
    private static func authority(_ url: String) -> String {
        let rest = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst()
        return rest.first.map(String.init) ?? url
    }

    /// The switch logs of nodes that the home knows, with all their witnesses; a majority of these
    /// has to have signed.
    private func composed(_ home: Home) throws -> String {
        let remotes = try RemoteBook(home.layout).named(remote)
        var lines: [String] = []
        var witnesses: [NoteVerifier: String?] = [:]
        for remote in remotes {
            let log = try remote.log(Remote.switchLogName)
            lines.append("log \(log.encoded) \(remote.url)/\(Remote.switchLogName)")
            for witness in remote.policy.witnesses {
                let known = witnesses[witness.verifier] ?? nil
                witnesses[witness.verifier] = .some(known ?? witness.url)
            }
        }
        let sorted = witnesses.sorted { $0.key.encoded < $1.key.encoded }
        let names = sorted.indices.map { "w\($0 + 1)" }
        for (name, witness) in zip(names, sorted) {
            let url = witness.value.map { " \($0)" } ?? ""
            lines.append("witness \(name) \(witness.key.encoded)\(url)")
        }
        if names.isEmpty {
            lines.append("quorum none")
        } else {
            lines.append("group most \(names.count / 2 + 1) \(names.joined(separator: " "))")
            lines.append("quorum most")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
