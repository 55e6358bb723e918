// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Feed

/// The option of commands that rank.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: Text(
            en: "Policy file, or preset:default, preset:chronological, preset:engagement.",
            es: "Archivo de política, o preset:default, preset:chronological, preset:engagement."
        ).help,
        completion: .file()
    )
    var policy = "preset:default"

    /// Reads the policy.
    func read() throws -> Policy { try Self.read(policy) }

    /// Reads a policy from a file or by the name of a preset.
    static func read(_ name: String) throws -> Policy {
        if name.hasPrefix("preset:") { return try preset(String(name.dropFirst(7))).policy }
        let bytes = try FeedFiles.read(name, byteCountMax: Policy.byteCountMax)
        return try FeedFileFailure.naming(name) { () throws(PolicyFault) in
            try Policy(parsing: bytes)
        }
    }

    /// A preset by its name.
    static func preset(_ name: String) throws -> PolicyPreset {
        if let preset = PolicyPreset(rawValue: name) { return preset }
        let names = PolicyPreset.allCases.map(\.rawValue).joined(separator: ", ")
        throw Failure(
            .usage,
            Text(en: "there is no preset “\(name)”", es: "no existe el preajuste «\(name)»"),
            hint: Text(en: "presets: \(names)", es: "preajustes: \(names)")
        )
    }
}
