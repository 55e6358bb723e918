// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// A network that the council designated, with all its designations over time.
package struct Network: Sendable {
    /// The digest of the first designation.
    package let id: RegistryID
    /// In the order of the log; they do not overlap.
    package internal(set) var designations: [Designation]
    /// The newest date of a withdrawal, seconds since 1970.
    package internal(set) var withdrawnOn: Int64?

    /// One designation.
    package struct Designation: Sendable {
        /// What the council said.
        package let statement: DesignateNetworkStatement
        /// What follows from it.
        package let verdict: TwoPartTest
        /// The reading of the test that it passed.
        package let rule: String
        /// When it holds, seconds since 1970.
        package let span: Range<Int64>

        func ending(at time: Int64) -> Designation {
            Designation(
                statement: statement,
                verdict: verdict,
                rule: rule,
                span: span.lowerBound..<time
            )
        }
    }

    /// The designation that holds at `time`.
    package func designation(at time: Int64) -> Designation? {
        designations.last { $0.span.contains(time) }
    }
}

/// A fact-checker's finding.
package struct Correction: Sendable {
    /// What was said.
    package let statement: CorrectStatement
    /// Who said it.
    package let verifier: RegistryID
    /// When it holds, seconds since 1970.
    package let span: Range<Int64>
}
