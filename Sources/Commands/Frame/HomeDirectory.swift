// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where a person's keyring, log and objects are.
package enum HomeDirectory {
    /// The home of this run: `--home`, else `RESGUARDO_HOME`, else the XDG data directory.
    ///
    /// Spec: XDG Base Directory Specification 0.8: `$XDG_DATA_HOME`, which has to be absolute, else
    /// `$HOME/.local/share`.
    ///
    /// - Throws: `.usage` when none of them is known.
    package static func path(
        option: String?,
        environment: (String) -> String? = Environment.nonEmpty
    ) throws -> String {
        if let option {
            // An empty one is a variable that was not set: not the place where everything else is.
            guard !option.isEmpty else {
                throw Failure(.usage, Text(en: "--home is empty", es: "--home está vacío"))
            }
            return option
        }
        for name in ["RESGUARDO_HOME", "XDG_DATA_HOME", "HOME"] {
            guard !Environment.isMalformed(name) else {
                throw Failure(
                    .usage,
                    Text(
                        en: "\(name) is not UTF-8, which a home has to be",
                        es: "\(name) no es UTF-8, y un directorio personal tiene que serlo"
                    )
                )
            }
            if environment(name) != nil { break }
        }
        if let home = environment("RESGUARDO_HOME") { return home }
        if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") {
            return data + "/resguardo"
        }
        if let user = environment("HOME") { return user + "/.local/share/resguardo" }
        throw Failure(
            .usage,
            Text(en: "there is no home directory", es: "no hay directorio personal"),
            hint: Text(
                en: "give --home DIR or set RESGUARDO_HOME",
                es: "indique --home DIRECTORIO o defina RESGUARDO_HOME"
            )
        )
    }
}
