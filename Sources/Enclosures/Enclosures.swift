// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Files that leave with a court bag: the independent verifier, and what it goes by; and what is
/// handed to Spark.
///
/// They are part of the program, so that a single binary makes a whole bag.
package enum Enclosures {
    /// Path in the bag, and content.
    package static var files: [(path: String, bytes: [UInt8])] {
        [
            ("verify.py", PackageResources.verify_py),
            ("spec/bag.md", PackageResources.bag_md),
            ("spec/vault.md", PackageResources.vault_md),
            ("spec/statements.md", PackageResources.statements_md),
        ]
    }

    /// What Spark runs for `feed detect --engine spark`.
    package static var sparkDriver: [UInt8] { PackageResources.detect_py }
}
