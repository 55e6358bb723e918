// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// One parser under fuzzing.
///
/// The entry reads arbitrary bytes. What it accepts has to be written and read again with the same
/// result; a violation is a crash, which is what libFuzzer looks for. `Tests/Fuzz` is the harness;
/// `FuzzTests` runs the same entries over the corpus.
package struct FuzzEntry: Sendable {
    /// The name on the command line of `scripts/fuzz`, and of the folder in `Tests/Fuzz/Corpus`.
    package let name: String
    /// Reads the bytes, and tells whether they were accepted.
    package let accepts: @Sendable ([UInt8]) -> Bool

    /// All entries.
    package static let all: [FuzzEntry] =
        encodings + logs + statements + escrow + rings + functions + fetchers + feeds + age + nodes

    /// An entry whose parser either throws or returns a value that passes `check`.
    static func entry<Value>(
        _ name: String,
        _ parse: @escaping @Sendable ([UInt8]) throws -> Value,
        _ check: @escaping @Sendable (Value, [UInt8]) throws -> Bool
    ) -> FuzzEntry {
        FuzzEntry(name: name) { bytes in
            // A refusal is a fine answer; a crash is not.
            guard let value = try? parse(bytes) else { return false }
            do {
                let isSame = try check(value, bytes)
                precondition(isSame, "\(name): reads differently than it writes")
            } catch {
                preconditionFailure("\(name): refuses what it wrote: \(error)")
            }
            return true
        }
    }
}
