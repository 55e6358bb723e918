// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a command that did its work has to say.
package struct Outcome: Sendable {
    /// The one document that `--json` puts on standard output.
    package let json: JSONValue?
    /// The same for people, one line each.
    package let lines: [String]
    /// Set when the answer itself is bad news (a bag that does not verify, for example): the result
    /// is printed all the same, and the exit code says so.
    package let kind: FailureClass?

    package init(json: JSONValue, lines: [String], kind: FailureClass? = nil) {
        self.json = json
        self.lines = lines
        self.kind = kind
    }

    /// For long results: makes only the form that is asked for.
    package init(
        for console: Console,
        json: () throws -> JSONValue,
        lines: () throws -> [String]
    ) rethrows {
        self.json = console.isJSON ? try json() : nil
        self.lines = console.isJSON ? [] : try lines()
        kind = nil
    }

    private init() {
        json = nil
        lines = []
        kind = nil
    }

    /// The command wrote its result itself, as plumbing does that writes files to standard output.
    package static let alreadyWritten = Outcome()
}
