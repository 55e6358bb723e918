// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Exports
import Outside

/// Lets graphviz's `sfdp` say where the accounts of a picture stand.
struct NetworkLayout {
    private static let secondsMax = 300

    private let program: String
    private let path: String

    /// Finds the program.
    ///
    /// - Throws: `.failed`, with how to install it.
    init() throws {
        path = Environment.programPath
        guard let program = ChildProcess.find("sfdp", in: path) else {
            throw Failure(
                .failed,
                Text(
                    en: "pictures need graphviz: its program “sfdp” is not installed",
                    es: "las imágenes necesitan graphviz: falta su programa «sfdp»"
                ),
                hint: Text(
                    en: "apt-get install graphviz, or leave svg out of --format",
                    es: "apt-get install graphviz, o quite svg de --format"
                )
            )
        }
        self.program = program
    }

    /// Lays a picture out.
    ///
    /// - Parameter picture: With at least one account.
    /// - Returns: The place of each account.
    /// - Throws: `.failed`.
    func places(of picture: NetworkPicture) throws -> [NetworkPlace] {
        let run = try? ChildProcess.run(
            program,
            ["-Tplain"],
            in: "/",
            environment: ["PATH": path, "LC_ALL": "C"],
            input: picture.graph,
            keepsErrors: false,
            secondsMax: Self.secondsMax
        )
        // Why it failed is graphviz's affair; that it did is ours to say.
        guard let run, run.status == 0, let places = picture.places(in: run.output) else {
            throw Failure(
                .failed,
                Text(
                    en: "“sfdp” of graphviz did not lay the network out",
                    es: "«sfdp» de graphviz no trazó la red"
                )
            )
        }
        return places
    }
}
