// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings

/// The manual page of all commands, made from the commands themselves.
///
/// Spec: mdoc(7).
struct ManPage {
    /// All commands with their arguments, as ArgumentParser dumps them: what completions, tests and
    /// other programs read.
    let tree: JSONValue
    /// The page in mdoc, line by line.
    let lines: [String]

    /// Makes the page of a command and of everything below it.
    ///
    /// - Throws: An `EncodingError` when ArgumentParser changes what it dumps.
    init(of root: any ParsableCommand.Type) throws {
        tree = try Self.dump(root)
        var page = Self.head(tree)
        Self.describe(tree["command"] ?? [:], path: [], into: &page)
        lines = page + Self.tail
    }

    private static func dump(_ root: any ParsableCommand.Type) throws -> JSONValue {
        do {
            _ = try root.parseAsRoot(["--experimental-dump-help"])
        } catch {
            return try JSONValue(parsing: Array(root.fullMessage(for: error).utf8))
        }
        preconditionFailure("ArgumentParser answers every request for a dump by throwing it")
    }

    private static func head(_ tree: JSONValue) -> [String] {
        let command = tree["command"] ?? [:]
        let name = command["commandName"]?.string ?? ""
        let abstract = command["abstract"]?.string ?? ""
        return [
            ".Dd " + Root.date,
            ".Dt \(name.uppercased()) 1",
            ".Os",
            ".Sh " + Text(en: "NAME", es: "NOMBRE").local,
            ".Nm " + name,
            ".Nd " + escaped(abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract),
            ".Sh " + Text(en: "SYNOPSIS", es: "SINOPSIS").local,
            ".Nm",
            ".Ar " + Text(en: "command", es: "orden").local,
            ".Op Ar ...",
            ".Sh " + Text(en: "DESCRIPTION", es: "DESCRIPCIÓN").local,
        ] + paragraphs(command["discussion"]?.string ?? "")
            + [".Sh " + Text(en: "COMMANDS", es: "ÓRDENES").local]
    }

    private static var tail: [String] {
        var lines = [
            ".Sh " + Text(en: "ENVIRONMENT", es: "ENTORNO").local,
            ".Bl -tag -width RESGUARDO_HOME",
            ".It Ev RESGUARDO_HOME",
            Text(
                en: "where everything is kept, unless \\-\\-home is given",
                es: "dónde se guarda todo, si falta \\-\\-home"
            ).local,
            ".It Ev XDG_DATA_HOME",
            Text(
                en: "its subdirectory resguardo is the home otherwise",
                es: "su subdirectorio resguardo es el lugar en otro caso"
            ).local,
            ".It Ev LC_ALL , LC_MESSAGES , LANG",
            Text(
                en: "language, unless \\-\\-lang is given",
                es: "idioma, si falta \\-\\-lang"
            ).local,
            ".It Ev NO_COLOR",
            Text(en: "no colours, as \\-\\-no-color", es: "sin colores, como \\-\\-no-color").local,
            ".El",
            ".Sh " + Text(en: "EXIT STATUS", es: "CÓDIGO DE SALIDA").local,
            ".Bl -tag -width 2n",
            ".It 0",
            Text(en: "done", es: "hecho").local,
        ]
        for kind in FailureClass.allCases {
            lines += [".It \(kind.rawValue)", escaped(kind.meaning.local)]
        }
        lines += [
            ".El",
            ".Sh " + Text(en: "SEE ALSO", es: "VÉASE TAMBIÉN").local,
            ".Xr age 1",
        ]
        return lines
    }

    /// One subsection per command that does something; groups lend it their name only.
    private static func describe(_ command: JSONValue, path: [String], into page: inout [String]) {
        guard command["shouldDisplay"]?.boolean ?? true else { return }
        let path = path + [command["commandName"]?.string ?? ""]
        let children = command["subcommands"]?.array ?? []
        if children.isEmpty {
            guard path.last != "help" || path.count != 2 else { return }
            page.append(".Ss " + escaped(path.joined(separator: " ")))
            page += paragraphs(command["abstract"]?.string ?? "")
            page += paragraphs(command["discussion"]?.string ?? "")
            page += options(command["arguments"]?.array ?? [])
        }
        for child in children { describe(child, path: path, into: &page) }
    }

    private static func options(_ arguments: [JSONValue]) -> [String] {
        let shown = arguments.filter { $0["shouldDisplay"]?.boolean ?? true }
        guard !shown.isEmpty else { return [] }
        let isSpanish = Language.current == .spanish
        var lines = [".Bl -tag -width 4n"]
        for argument in shown {
            let name = argument["valueName"]?.string ?? ""
            let value = isSpanish ? Placeholders.spanish(name: name) : name
            if argument["kind"]?.string == "positional" {
                lines.append(".It Ar " + escaped(value))
            } else {
                let names = (argument["names"]?.array ?? []).map { name in
                    (name["kind"]?.string == "long" ? "\\-\\-" : "\\-")
                        + escaped(name["name"]?.string ?? "")
                }
                let hasValue = argument["kind"]?.string == "option"
                lines.append(
                    ".It " + names.joined(separator: ", ")
                        + (hasValue ? " Ar " + escaped(value) : "")
                )
            }
            let abstract = argument["abstract"]?.string ?? ""
            lines += paragraphs(isSpanish ? UsageMessages.spanishPhrases(abstract) : abstract)
        }
        return lines + [".El"]
    }

    private static func paragraphs(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? ".Pp" : escaped(String($0)) }
            .filter { text.isEmpty == false || $0 != ".Pp" }
    }

    /// A leading dot or quote would be a macro, and a backslash an escape.
    private static func escaped(_ text: String) -> String {
        let safe = text.split(separator: "\\", omittingEmptySubsequences: false)
            .joined(separator: "\\e")
            .split(separator: "-", omittingEmptySubsequences: false).joined(separator: "\\-")
        return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
    }
}
