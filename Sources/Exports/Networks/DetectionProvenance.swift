// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a detection was made from, by which rule, and how to make it again.
///
/// Every file of a detection carries it, where its format has a place.
package struct DetectionProvenance: Sendable {
    /// The program and its version.
    package let program: String
    /// The command as a shell takes it, without the machine's paths.
    package let command: String
    /// The rule and its parameters.
    package let rule: JSONValue
    /// The data: digests of the files that were read, and the number of shares.
    package let data: JSONValue
    /// What accounts share.
    package let layer: String

    package init(
        program: String,
        command: String,
        rule: JSONValue,
        data: JSONValue,
        layer: String
    ) {
        self.program = program
        self.command = command
        self.rule = rule
        self.data = data
        self.layer = layer
    }

    /// Digests of the files that were read, in hexadecimal.
    var digests: [String] { (data["sha256"]?.array ?? []).compactMap(\.string) }

    /// The rule's name.
    var ruleName: String { rule["name"]?.string ?? "" }

    /// What files carry.
    package var json: JSONValue { ["command": .string(command), "data": data, "rule": rule] }

    /// What decides the result: the data, the layer and the rule, whatever files are asked for.
    var identity: [UInt8] {
        JSONValue.object(["data": data, "layer": .string(layer), "rule": rule]).canonicalBytes
    }
}
